import { COMPARISONS, layersOf, MEASURES, PERIODS } from "../lib/choices.js";
import { shortDay } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { groupOfKinds, outlookDay, outlookResolution } from "../lib/outlook.js";
import { text } from "../lib/text.js";
import { cellWidth } from "../lib/width.js";

/** The choices of what is shown: layer, period, comparison, kinds of events and the size of cells. */
export function startShow(state, kinds) {
  const { resolutions, groups } = state.get();
  const layers = layersOf(state.get());
  choice(state, "layer", layers.map((each) => [each, text(`layer.${each}`)]), {
    read: ({ layer }) => layer, write: (layer) => ({ layer, playing: false }), keys: ["layer"],
  });
  choice(state, "period", PERIODS.map((each) => [String(each), text("period.days", { number: asWhole(each) })]), {
    read: ({ period }) => String(period), write: (value) => ({ period: Number(value) }), keys: ["period"],
  });
  choice(state, "compare", COMPARISONS.map((each) => [each, text(`compare.${each}`)]), {
    read: ({ compare }) => compare, write: (compare) => ({ compare }), keys: ["compare"],
  });
  const sizeName = (each) => text("size.option", { width: cellWidth(each), resolution: each });
  const sizes = resolutions.map((each) => [String(each), sizeName(each)]);
  const automatic = ["", text("size.automatic")];
  choice(state, "resolution", [automatic, ...sizes, ["zoom", text("size.zoom")]], {
    read: ({ resolution }) => String(resolution ?? ""),
    write: (value) => ({ resolution: value === "" ? null : value === "zoom" ? value : Number(value) }),
    keys: ["resolution"],
  });
  choice(state, "measure", MEASURES.map((each) => [each, text(`measure.${each}`)]), {
    read: ({ measure }) => measure, write: (measure) => ({ measure }), keys: ["measure"],
  });
  state.follow(["layer", "areaFacts"], ({ layer, areaFacts }) => {
    // Areas have no size to choose, cells no measure.
    document.getElementById("measure-row").hidden = layer !== "areas";
    document.getElementById("resolution-row").hidden = layer === "areas";
    const rate = document.querySelector("#measure [value=rate]");
    rate.disabled = areaFacts?.hasResidents === false;
    rate.textContent = text(rate.disabled ? "measure.rate.without" : "measure.rate");
  });
  startKinds(state, kinds, groups);
  const side = document.getElementById("side");
  side.addEventListener("change", () => state.set({ side: side.checked }));
  state.follow(["layer", "side"], (values) => {
    document.getElementById("side-row").hidden = values.layer !== "difference";
    side.checked = values.side;
  });
  state.follow(["layer", "date", "kinds", "resolution", "compare", "measure", "areaFacts"], (values) => {
    const hint = document.getElementById("show-hint");
    hint.textContent = hintOf(values);
    hint.hidden = hint.textContent === "";
  });
}

function choice(state, id, options, { read, write, keys }) {
  const select = document.getElementById(id);
  select.replaceChildren(...options.map(([value, name]) => new Option(name, value)));
  select.addEventListener("change", () => state.set(write(select.value)));
  state.follow(keys, (values) => { select.value = read(values); });
}

/** Groups of types that the dataset names come first: the map of an outlook can show them alone. */
function startKinds(state, kinds, groups) {
  const select = document.getElementById("kinds");
  const names = Object.keys(groups);
  const groupOptions = names.map((name) => new Option(nameOfGroup(name), `group:${name}`));
  const kindOptions = kinds.map((kind) => new Option(kind, `kind:${kind}`));
  select.replaceChildren(new Option(text("kinds.all"), ""));
  if (names.length > 0) select.append(element("optgroup", { label: text("kinds.groups") }, ...groupOptions));
  select.append(element("optgroup", { label: text("kinds.single") }, ...kindOptions));
  document.getElementById("kinds-row").hidden = kinds.length < 2;
  select.addEventListener("change", () => {
    const [, sort, name] = select.value.match(/^(group|kind):(.*)$/s) ?? [];
    state.set({ kinds: sort === "group" ? groups[name] : sort === "kind" ? [name] : [] });
  });
  state.follow(["kinds"], (values) => {
    const group = groupOfKinds(values);
    const own = values.kinds.length === 1 && kinds.includes(values.kinds[0]) ? `kind:${values.kinds[0]}` : null;
    select.value = own ?? (group === "all" ? "" : `group:${group}`);
    if (select.selectedIndex >= 0) return;
    // Several kinds that are no group come from a link.
    select.append(new Option(values.kinds.join(", "), "several"));
    select.value = "several";
  });
}

/** A group by its name, such as `vehicle-theft`, as people write it. */
export function nameOfGroup(name) {
  const words = name.replaceAll(/[-_]/g, " ");
  return words[0].toUpperCase() + words.slice(1);
}

function hintOfAreas({ measure, compare, areaFacts }) {
  const sentences = [];
  if (areaFacts && ["hidden", "uncounted"].includes(areaFacts.reason)) {
    sentences.push(text(`areas.none.${areaFacts.reason}`));
  }
  if (measure === "trend_change") sentences.push(text("hint.areasTrend"));
  else if (compare !== "none") sentences.push(text("hint.areasCompare"));
  return sentences.join(" ");
}

/** A sentence about what the map cannot show as asked for; empty if it can. */
function hintOf(state) {
  const { layer, date, kinds } = state;
  const sentences = [];
  if (layer === "risk") {
    if (kinds.length > 0) sentences.push(text("hint.riskKinds"));
    if (state.resolution === "zoom") sentences.push(text("hint.zoomSize"));
    return sentences.join(" ");
  }
  if (layer === "difference") {
    if (kinds.length > 0) sentences.push(text("hint.differenceKinds"));
    if (state.compare === "none") sentences.push(text("hint.differenceNone"));
    return sentences.join(" ");
  }
  if (layer === "areas") return hintOfAreas(state);
  const day = outlookDay(state);
  if (day < date) sentences.push(text("hint.outlookDay", { day: shortDay(day) }));
  if (day > date) sentences.push(text("hint.outlookLater", { day: shortDay(day) }));
  if (groupOfKinds(state) === null) sentences.push(text("hint.outlookKinds"));
  if (typeof state.resolution !== "number") {
    sentences.push(text("hint.size", { width: cellWidth(outlookResolution(state)) }));
  }
  return sentences.join(" ");
}
