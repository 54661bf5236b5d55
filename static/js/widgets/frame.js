import { fetchDataset } from "../lib/api.js";
import { layersOf } from "../lib/choices.js";
import { overviewResolution } from "../lib/cells.js";
import { unwrapped } from "../lib/box.js";
import { clampDay } from "../lib/days.js";
import { element } from "../lib/element.js";
import { readLink } from "../lib/link.js";
import { hasOutlook } from "../lib/outlook.js";
import { sourceLine } from "./source.js";
import { createState } from "../lib/state.js";
import { text, translate } from "../lib/text.js";
import { root } from "../lib/root.js";

const ASK_AGAIN = 300_000; // ms between two looks for newer data

/**
 * Fills the frame of a widget: title, source and a link to the map. `show(state, tileJSON)` fills the rest, and is
 * called again when newer data are served. What fails is said in place of the rest. `ready` of `window.hextant`
 * resolves after the first time.
 */
export function startWidget(show) {
  translate(document);
  document.getElementById("widget-open").textContent = text("widget.open");
  let shown = null; // generation
  const look = async () => {
    const { values } = readLink(location);
    try {
      const tileJSON = await fetchDataset(values.dataset);
      const { hextant } = tileJSON;
      if (hextant.generation === shown) return;
      const state = begin(values, hextant);
      tell(hextant, state.get());
      await show(state, tileJSON);
      shown = hextant.generation;
    } catch (problem) {
      if (shown === null) fail(problem);
    }
  };
  setInterval(() => { if (document.visibilityState === "visible") look(); }, ASK_AGAIN);
  window.hextant = { ready: look(), look };
}

/** The state that the link asks for, as far as the dataset has it. */
function begin(values, hextant) {
  const { dataset, first_day: first, last_day: last, resolutions, bounds, generation } = hextant;
  if (!last) throw new Error(text("dataset.unscored"));
  const outlookDays = hextant.outlook_days ?? [];
  const isExact = (hextant.minimum_count ?? null) === null;
  const usual = hasOutlook({ outlookDays }) ? "class" : "risk";
  const areas = hextant.areas ?? null;
  const groups = hextant.groups ?? {};
  return createState({
    dataset, first, last, generation, resolutions, groups, outlookDays, isExact, areas, timeZone: hextant.time_zone,
    overview: overviewResolution(resolutions, unwrapped(bounds)), shownResolution: null, breaks: [],
    levels: ["low", "medium", "high", "critical"], classes: ["new", "growing", "steady", "fading", "cold"],
    anomalies: false, playing: false, side: false, measure: values.measure ?? "eb_rate", areaFacts: null, area: null,
    layer: values.layer && layersOf({ outlookDays, isExact, areas }).includes(values.layer) ? values.layer : usual,
    date: clampDay(values.date ?? last, first, last), period: values.period ?? 28, compare: values.compare ?? "before",
    kinds: (values.kinds ?? []).flatMap((each) => groups[each] ?? [each]),
    resolution: resolutions.includes(values.resolution) || values.resolution === "zoom" ? values.resolution : null,
    view: values.view ?? null, cell: values.cell ?? null,
  });
}

function tell(hextant, { dataset, layer, measure, date, period, compare }) {
  const { title } = hextant;
  document.title = title;
  document.getElementById("widget-title").textContent = title;
  document.getElementById("widget-source").textContent = sourceLine(hextant);
  const link = new URL(root);
  const parts = { dataset, layer, ...(layer === "areas" && { measure }), date, period, compare };
  link.hash = Object.entries(parts).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  document.getElementById("widget-open").href = link.href;
}

function fail(problem) {
  const sentence = element("p", { class: "fault", text: text("widget.failed", { reason: problem.message }) });
  const content = document.getElementById("widget-content") ?? document.getElementById("widget-status");
  content.hidden = false;
  content.replaceChildren(sentence);
}
