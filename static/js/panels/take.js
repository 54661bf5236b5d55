import { address, ask } from "../lib/api.js";
import { areaQuery } from "../lib/areas.js";
import { CLASSES, LEVELS } from "../lib/choices.js";
import { differencePeriods, fetchDifference } from "../lib/difference.js";
import { button, element } from "../lib/element.js";
import { isReversed } from "../lib/measures.js";
import { hasOutlook, outlookQuery, outlookResolution, riskResolution } from "../lib/outlook.js";
import { save } from "../lib/save.js";
import { language, text } from "../lib/text.js";
import { CLASS_MEMBERS } from "../map/looks.js";
import { picture } from "../map/picture.js";
import { sourceLines } from "./about.js";
import { legendForPicture } from "./legend.js";
import { eventsLine, headline, periodOfMap } from "./sentences.js";

const status = document.getElementById("take-status");

/** The buttons that take away what is shown: as a picture, as data, as a link, on paper. */
export function startTake(state, maps, description, served) {
  const on = (id, run) => document.getElementById(id).addEventListener("click", async () => {
    status.textContent = "";
    try {
      status.textContent = (await run()) ?? "";
    } catch (problem) {
      status.textContent = text("take.failed", { reason: problem.message });
    }
  });
  on("take-picture", async () => {
    const values = state.get();
    const blob = await picture(maps(), {
      title: description.title,
      lines: [headline(values), ...(served.get() ? [eventsLine(values, served.get())] : [])],
      legend: legendForPicture(values, description.thresholds),
      source: [...sourceLines(description), location.href],
    });
    save(blob, fileName(values, "png"));
    return text("take.saved", { name: fileName(values, "png") });
  });
  for (const format of ["geojson", "csv"]) {
    on(`take-${format}`, async () => {
      const values = state.get();
      const blob = await shownData(values, format, description);
      save(blob, fileName(values, format));
      return text("take.saved", { name: fileName(values, format) });
    });
  }
  on("take-report", () => saveReport(state.get()));
  on("take-link", async () => {
    await navigator.clipboard.writeText(location.href);
    return text("take.copied");
  });
  on("take-source", async () => {
    await navigator.clipboard.writeText([headline(state.get()), ...sourceLines(description), location.href].join("\n"));
    return text("take.copied");
  });
  document.getElementById("take-print").addEventListener("click", () => print());
}

/**
 * Saves the page that the server makes about the dataset, or about a cell or an area, for the day and the period on the
 * map. Resolves with a sentence that names the file.
 */
export async function saveReport(state, { cell = null, area = null } = {}) {
  const { dataset, date, period: days } = state;
  const { kind, resolution, as_of: asOf } = hasOutlook(state) ? outlookQuery(state) : { as_of: date };
  const isPlace = cell !== null || area !== null;
  const query = { as_of: asOf, period: days, kind, resolution: isPlace ? null : resolution, lang: language };
  const name = `${dataset}-${cell ?? area?.replaceAll(/[^\w.-]+/g, "_") ?? "report"}.pdf`;
  const ofArea = area !== null && `area/${encodeURIComponent(state.areas)}/${encodeURIComponent(area)}`;
  const path = cell ? `cell/${cell}` : ofArea || "dataset";
  save(await (await ask(address(`v1/reports/${encodeURIComponent(dataset)}/${path}.pdf`, query))).blob(), name);
  return text("take.saved", { name });
}

/** The part of a drawer that saves the page about its cell or area, to take to a meeting. */
export function reportSection(state, place) {
  const note = element("p", { class: "hint", role: "status" });
  const run = () => saveReport(state.get(), place)
    .catch((problem) => text("take.failed", { reason: problem.message }))
    .then((sentence) => { note.textContent = sentence; });
  return element("section", {}, button("text-button", text("take.report"), run, { "data-action": "report" }), note);
}

/**
 * The cells or areas of the map as a file: those of its day or period, size and filters, in the whole dataset. GeoJSON
 * also says whose data it is, under which terms, and what was asked for; a table of numbers has no place for that.
 */
async function shownData(state, format, { title, licence, attribution }) {
  if (state.layer === "difference" && (await fetchDifference(state)).features.length === 0) {
    throw new Error(text("take.nothing"));
  }
  const url = dataAddress(state, format);
  const answer = await ask(url);
  if (format !== "geojson") return answer.blob();
  const collection = await answer.json();
  const about = { title, licence, attribution, shown: headline(state), source: url.href, page: location.href };
  return new Blob([JSON.stringify({ ...collection, about })], { type: "application/geo+json" });
}

/** The route and the query of the cells or areas on the map. */
export function dataAddress(state, format) {
  const { dataset, date, layer, levels, classes } = state;
  if (layer === "risk") {
    const level = levels.length < LEVELS.length ? levels.join(",") : null;
    if (level === "") throw new Error(text("take.nothing"));
    const resolution = riskResolution(state) ?? state.shownResolution ?? state.overview;
    return address(`v1/risk/${date}`, { dataset, resolution, level, f: format });
  }
  if (layer === "areas") {
    const { areas, isExact, measure } = state;
    if (!isExact) throw new Error(text("areas.none.hidden"));
    const sort = `${isReversed(measure) ? "" : "-"}${measure}`;
    return address(`v1/areas/${encodeURIComponent(areas)}`, { ...areaQuery(state), sort, f: format });
  }
  if (layer === "difference") {
    const [[from, to], [otherFrom, otherTo]] = differencePeriods(state);
    const days = { from, to, other_from: otherFrom, other_to: otherTo };
    return address("v1/comparison", { dataset, ...days, resolution: outlookResolution(state), f: format });
  }
  const chosen = layer === "class" && classes.length < CLASSES.length ? classes : null;
  const members = chosen && [...chosen.flatMap((each) => CLASS_MEMBERS[each]), "none"].join(",");
  return address("v1/outlook", { dataset, ...outlookQuery(state), class: members, f: format });
}

function fileName(state, extension) {
  const { dataset, layer, date, measure } = state;
  const days = layer === "risk" ? date : periodOfMap(state).join("_");
  const shown = layer === "areas" ? `${layer}-${measure}` : layer;
  return `${dataset}-${shown}-${days}.${extension}`;
}
