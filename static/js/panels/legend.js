import { CLASSES, DIFFERENCES, LEVELS } from "../lib/choices.js";
import { element } from "../lib/element.js";
import { asBrief, asWhole } from "../lib/format.js";
import { isReversed, numberOf } from "../lib/measures.js";
import { text } from "../lib/text.js";
import { colour } from "../lib/theme.js";
import { FEWEST_UNUSUAL, stepOf, TRENDS } from "../map/looks.js";

/**
 * The entries of a layer's legend: {key, variable of the colour, name, range, isHatched}. `choice` is the state's key
 * of the list that they switch, if they do.
 */
export function legendOf(state, thresholds) {
  const { layer, breaks, side } = state;
  if (layer === "areas") return { choice: null, entries: entriesOfAreas(state) };
  if (layer === "risk") {
    const entry = (key, from, to) => ({
      key, variable: `--level-${key}`, name: text(`level.${key}`),
      range: text("range", { from: asBrief(from), to: asBrief(to) }),
    });
    const { medium, high, critical } = thresholds;
    const ends = [0, medium, high, critical, 100];
    return { choice: "levels", entries: LEVELS.map((key, index) => entry(key, ends[index], ends[index + 1])) };
  }
  if (layer === "class") {
    const entry = (key) => ({
      key, variable: `--class-${key}`, name: text(`class.${key}`), range: text(`class.${key}.short`),
    });
    return { choice: "classes", entries: CLASSES.map(entry) };
  }
  if (layer === "change") {
    const entry = (key) => ({
      key, variable: `--trend-${key}`, name: text(`trend.${key}`), range: text(`trend.${key}.short`),
    });
    return { choice: null, entries: TRENDS.map(entry) };
  }
  if (layer === "difference" && !side) {
    const entry = (key) => ({
      key, variable: `--difference-${key}`, name: text(`difference.${key}`), range: text(`difference.${key}.short`),
    });
    return { choice: null, entries: DIFFERENCES.map(entry) };
  }
  const isWhole = layer !== "forecast";
  const starts = [isWhole ? 1 : 0, ...breaks];
  const name = (from, next) => {
    if (next === undefined) return text("range.from", { from: asBrief(from) });
    const to = isWhole ? next - 1 : next;
    return to === from ? asBrief(from) : text("range", { from: asBrief(from), to: asBrief(to) });
  };
  const entries = starts.map((from, index) => ({
    key: `step-${index + 1}`, variable: `--step-${index + 1}`, name: name(from, starts[index + 1]), range: "",
  }));
  return { choice: null, entries };
}

/** The steps or trends of areas, and how those are drawn that have no figure, if there are any. */
function entriesOfAreas({ measure, breaks, areaFacts }) {
  const entries = measure === "trend_change" ? TRENDS.map((key) => ({
    key, variable: `--trend-${key}`, name: text(`trend.${key}`), range: text(`trend.${key}.short`),
  })) : stepsOfAreas(measure, breaks, areaFacts);
  if (!areaFacts || areaFacts.missing === 0) return entries;
  const { missing, reason } = areaFacts;
  const none = {
    key: "none", variable: "--map-bounds", isHatched: true, range: text(`areas.none.${reason}.short`),
    name: text("areas.none", { number: asWhole(missing) }),
  };
  return missing === areaFacts.all ? [none] : [...entries, none];
}

function stepsOfAreas(measure, breaks, areaFacts) {
  if (!areaFacts) return [];
  const isWhole = measure === "events";
  const starts = [isWhole ? 1 : 0, ...breaks];
  const entries = starts.map((from, index) => {
    const next = starts[index + 1];
    const to = isWhole && next !== undefined ? next - 1 : next;
    const [low, high] = [from, to].map((each) => (each === undefined ? "" : numberOf(measure, each)));
    const variable = `--step-${stepOf(index, breaks, isReversed(measure))}`;
    const name = to === undefined ? text("range.from", { from: low })
      : to === from ? low : text("range", { from: low, to: high });
    return { key: `step-${index + 1}`, variable, name, range: "" };
  });
  return entries;
}

/** The same as colours and names for a picture, without what is switched off. */
export function legendForPicture(state, thresholds) {
  const { choice, entries } = legendOf(state, thresholds);
  return entries
    .filter(({ key }) => choice === null || state[choice].includes(key))
    .map(({ variable, name, range, isHatched }) => ({
      colour: colour(variable), name: range ? `${name} (${range})` : name, isHatched,
    }));
}

/** Builds the legend. Where its entries are switches, they say so. */
export function startLegend(state, { thresholds, flagZ }) {
  const group = document.getElementById("levels");
  const build = () => {
    const values = state.get();
    const { choice, entries } = legendOf(values, thresholds);
    const isSteps = ["events", "forecast"].includes(values.layer) || (values.layer === "difference" && values.side) ||
      (values.layer === "areas" && values.measure !== "trend_change");
    const name = values.layer === "difference" && values.side ? "events" : values.layer;
    document.getElementById("legend-title").textContent = titleOf(name, values);
    document.getElementById("legend-hint").textContent =
      [hintOf(name, values), choice ? text("legend.switches") : ""].join(" ").trim();
    document.getElementById("anomalies-row").hidden = values.layer !== "risk";
    group.classList.toggle("steps", isSteps);
    group.classList.toggle("areas", values.layer === "areas");
    group.replaceChildren(...entries.map((entry) => entryOf(entry, choice, state)));
  };
  state.follow(["layer", "breaks", "side", "measure", "areaFacts"], build);
  state.on(["levels", "classes"], (values) => {
    for (const box of group.querySelectorAll("input")) box.checked = values[box.dataset.choice].includes(box.value);
  });

  const anomalies = document.getElementById("anomalies");
  document.getElementById("anomalies-hint").textContent =
    text("unusual.hint", { number: asBrief(flagZ), fewest: asWhole(FEWEST_UNUSUAL) });
  anomalies.addEventListener("change", () => state.set({ anomalies: anomalies.checked }));
  state.follow(["anomalies"], (values) => { anomalies.checked = values.anomalies; });
}

/** The number of events is a layer of cells, too, which has a title of its own. */
const LEGENDS = { events: "events.areas" };

function titleOf(name, { measure, areaFacts }) {
  if (name !== "areas") return text(`legend.${name}`);
  if (measure === "eb_rate" && areaFacts?.hasResidents === false) return text("legend.eb_rate.km2");
  return text(`legend.${LEGENDS[measure] ?? measure}`);
}

function hintOf(name, { measure, areaFacts }) {
  if (name !== "areas") return text(`legend.${name}.hint`);
  const sentences = [text(`legend.${LEGENDS[measure] ?? measure}.hint`)];
  if (areaFacts?.layer.approximate) sentences.push(text("areas.approximate"));
  return sentences.join(" ");
}

/** The sign of an entry: its colour or, where there is no figure, lines. */
export function swatchOf({ variable, isHatched }) {
  const swatch = element("span", { class: isHatched ? "swatch hatched" : "swatch", "aria-hidden": "true" });
  if (!isHatched) swatch.style.backgroundColor = `var(${variable})`;
  return swatch;
}

function entryOf(entry, choice, state) {
  const { key, name, range } = entry;
  const swatch = swatchOf(entry);
  const parts = [swatch, element("span", { class: "level-name", text: name })];
  if (range) parts.push(element("span", { class: "level-range", text: range }));
  if (choice === null) return element("div", { class: "level", "data-level": key }, ...parts);
  const box = element("input", { type: "checkbox", value: key, "data-choice": choice });
  box.checked = state.get()[choice].includes(key);
  box.addEventListener("change", () => {
    const all = choice === "levels" ? LEVELS : CLASSES;
    const chosen = state.get()[choice];
    const next = box.checked ? [...chosen, key] : chosen.filter((each) => each !== key);
    state.set({ [choice]: all.filter((each) => next.includes(each)) });
  });
  return element("label", { class: "level", "data-level": key }, box, ...parts);
}
