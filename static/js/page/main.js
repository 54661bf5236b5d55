import { fetchDataset, fetchKinds, getJSON } from "../lib/api.js";
import { overviewResolution } from "../lib/cells.js";
import { CLASSES, layersOf, LEVELS } from "../lib/choices.js";
import { unwrapped } from "../lib/box.js";
import { clampDay, shortDay } from "../lib/days.js";
import { followLink, readLink } from "../lib/link.js";
import { hasOutlook } from "../lib/outlook.js";
import { createState } from "../lib/state.js";
import { STEP_KEYS, stepsOf } from "../lib/steps.js";
import { text, translate } from "../lib/text.js";
import { startThemeButton } from "../lib/theme.js";
import { createMap } from "../map/create.js";
import { creditBasemap, dress } from "../map/dress.js";
import { frame } from "../map/frame.js";
import { addShown } from "../map/shown.js";
import { showAbout } from "../panels/about.js";
import { offerAccount, startAccount } from "../panels/account.js";
import { closeDatasets, openDatasets, startDatasets } from "../panels/datasets.js";
import { startHelp } from "../panels/help.js";
import { clearNotice, showNotice, tell } from "./notice.js";
import { startReport } from "./report.js";
import { coveredPadding, startSheet } from "./sheet.js";

const FRAME = { top: 24, bottom: 24, left: 24, right: 64 }; // px around the cells; the buttons are at the right
const PATIENCE = 2_000; // ms that the rest of the page waits for the first cells
const STANDARD_FLAG = 2; // standard deviations, where the server does not tell the dataset's own

// For the console and for tests: `ready` resolves when the first cells fill the map and the page has its controls,
// `settled()` when the cells of the state are drawn; `cells()` lists the attributes of those drawn; `look()` asks the
// server for news at once.
const { promise: ready, resolve: drawn } = Promise.withResolvers();
window.hextant = { map: null, ready, settled: () => ready, cells: () => [], look: () => {} };

// The library of the map is large: meanwhile the page asks for what it shows.
const mapLibrary = new Promise((resolve) => {
  if (window.maplibregl) resolve();
  else document.getElementById("map-library").addEventListener("load", resolve);
});

translate(document);
startThemeButton();
startHelp();
const sheet = startSheet();
startDatasets((slug) => {
  location.hash = `dataset=${encodeURIComponent(slug)}`;
  if (window.hextant.map === null) open();
});
// Data that needs a sign-in may be available now.
startAccount((isIn) => {
  if (document.body.dataset.phase === "failed") open();
  else if (!isIn) location.reload();
});
document.getElementById("skip").addEventListener("click", () => document.getElementById("slider").focus());
document.getElementById("figures-close").addEventListener("click", () => document.getElementById("figures").close());
open();

async function open() {
  const link = readLink(location);
  let tileJSON;
  let about;
  try {
    // A dataset that the link names is described while its tiles are.
    const { dataset } = link.values;
    [tileJSON, about] = await Promise.all([fetchDataset(dataset), dataset ? describe(dataset) : null]);
  } catch (problem) {
    return refuse(problem, link.values);
  }
  clearNotice("error");
  closeDatasets();
  const { hextant } = tileJSON;
  showAbout(hextant);
  offerAccount(hextant.sign_in);
  if (!hextant.last_day) {
    document.body.dataset.phase = "failed";
    return showNotice("error", text("dataset.unscored"), { label: text("datasets.choose"), run: () => openDatasets() });
  }
  const [description, kinds] = about ?? (await describe(hextant.dataset));
  const [basemap] = await Promise.all([fetchBasemap(hextant), mapLibrary]);
  run(tileJSON, { ...description, ...hextant, basemap, flag_z: description.flag_z ?? STANDARD_FLAG }, kinds, link);
}

/** The description of the operator's own tiles, or null. The page can do without. */
function fetchBasemap({ basemap_tiles: url }) {
  return url ? getJSON("basemap/tiles.json", {}).catch(() => null) : null;
}

/** The description of a dataset and its kinds of events. The page can do without either. */
function describe(dataset) {
  return Promise.all([
    getJSON(`v1/datasets/${encodeURIComponent(dataset)}`, {}).catch(() => ({})), fetchKinds(dataset).catch(() => []),
  ]);
}

/** A dataset that is not there, or not for this reader: the list tells which are. */
function refuse(problem, { dataset }) {
  document.body.dataset.phase = "failed";
  offerAccount(true);
  if (problem.status === 404) {
    openDatasets(dataset ? text("datasets.missing", { dataset }) : problem.message);
    return showNotice("error", problem.message, { label: text("datasets.choose"), run: () => openDatasets() });
  }
  showNotice("error", problem.message, { label: text("retry"), run: open });
}

/** The state that a link and a dataset lead to, and what of the link could not be kept, as {name, value}. */
function begin({ values, unknown }, hextant, kinds) {
  const { first_day: first, last_day: last, resolutions, bounds } = hextant;
  const outlookDays = hextant.outlook_days ?? [];
  const refused = [...unknown];
  const kept = { ...values };
  if (values.date && clampDay(values.date, first, last) !== values.date) {
    refused.push({ name: "date", value: values.date });
    kept.date = clampDay(values.date, first, last);
  }
  if (typeof values.resolution === "number" && !resolutions.includes(values.resolution)) {
    refused.push({ name: "res", value: String(values.resolution) });
    delete kept.resolution;
  }
  const groups = hextant.groups ?? {};
  if (values.kinds) {
    kept.kinds = values.kinds.flatMap((each) => groups[each] ?? (kinds.includes(each) ? [each] : []));
    const strangers = values.kinds.filter((each) => !groups[each] && !kinds.includes(each));
    refused.push(...strangers.map((value) => ({ name: "kinds", value })));
  }
  const isExact = (hextant.minimum_count ?? null) === null;
  const areas = hextant.areas ?? null;
  if (values.layer && !layersOf({ outlookDays, isExact, areas }).includes(values.layer)) {
    refused.push({ name: "layer", value: values.layer });
    delete kept.layer;
  }
  if (values.area !== undefined && areas === null) refused.push({ name: "area", value: values.area });
  // The drawer is of one place; an area needs a layer of them.
  if (values.area !== undefined && (areas === null || values.cell)) delete kept.area;
  const standard = {
    dataset: hextant.dataset, first, last, generation: hextant.generation, resolutions, groups, outlookDays,
    isExact, areas, timeZone: hextant.time_zone,
    overview: overviewResolution(resolutions, unwrapped(bounds)), shownResolution: null,
    breaks: [], layer: hasOutlook({ outlookDays }) ? "class" : "risk", date: last, period: 28, compare: "before",
    kinds: [], levels: LEVELS, classes: CLASSES, resolution: null, anomalies: false, side: false, view: null,
    measure: "eb_rate", areaFacts: null, cell: null, area: null, playing: false,
  };
  return { standard, kept, refused };
}

/** The module of the rest of the page, with its styles; the page's head lists what they need in a template. */
function loadControls() {
  const { content } = document.getElementById("later");
  const styles = [...content.querySelectorAll("[rel=stylesheet]:not([media])")];
  const isStyled = styles.map((link) => new Promise((resolve) => { link.onload = link.onerror = resolve; }));
  document.head.append(content);
  return Promise.all([import("./controls.js"), ...isStyled]);
}

function run(tileJSON, description, kinds, link) {
  const { hextant } = tileJSON;
  const { standard, kept, refused } = begin(link, hextant, kinds);
  const state = createState({ ...standard, ...kept, dataset: hextant.dataset });
  const start = hextant.generation;
  document.body.dataset.phase = "loading"; // until there are controls
  tellRefused(refused, state);
  followBreaks(state);

  const view = state.get().view;
  const isStale = () => state.get().generation !== start;
  const map = createMap("map", tileJSON, view, coveredPadding(), isStale);
  window.hextant.map = map;
  creditBasemap(description.basemap);
  map.once("style.load", () => {
    dress(map, hextant, { basemap: description.basemap });
    const cells = addShown(map, tileJSON, state, (layer, ...reason) => tellLayer(layer, ...reason, cells));
    Object.assign(window.hextant, {
      settled: cells.settled, cells: () => cells.cells().map((each) => each.properties),
    });
    const isDrawn = cells.settled().then(() => performance.mark("first-cells"));
    startReport(map, cells, state);
    // A tile that takes long does not keep the rest of the page waiting.
    const isTurn = Promise.race([isDrawn, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    const controls = isTurn.then(loadControls).then(([{ startControls }]) => {
      const page = { tileJSON, description, kinds, sheet, isStale, tellRefused };
      Object.assign(window.hextant, startControls(map, cells, state, page));
    });
    controls.catch(() => {
      const again = { label: text("retry"), run: () => location.reload() };
      showNotice("error", text("server.away"), again);
    });
    Promise.all([isDrawn, controls]).then(() => {
      if (view) return;
      // The controls may have grown since the map was made.
      map.setPadding(coveredPadding());
      frame(map, cells, FRAME);
    }).then(() => window.hextant.settled()).then(drawn, () => {});
  });

  map.on("moveend", () => {
    const { lng, lat } = map.getCenter().wrap();
    state.set({ view: { zoom: map.getZoom(), lat, lng } });
  });
  addEventListener("resize", () => map.setPadding(coveredPadding()));
  followLink(state, (next) => {
    if (next.values.dataset && next.values.dataset !== hextant.dataset) {
      location.reload();
      return false;
    }
    const again = begin(next, hextant, kinds);
    tellRefused(again.refused, state);
    const { view: wanted, language, ...others } = again.kept;
    state.set({ ...others, playing: false });
    if (wanted) map.jumpTo({ center: [wanted.lng, wanted.lat], zoom: wanted.zoom });
    return true;
  });
}

/** Says why no difference, or no areas, are shown. */
function tellLayer(layer, reason, problem, cells) {
  if (layer === "difference") clearNotice("told");
  clearNotice("error");
  if (reason === "failed") {
    const key = layer === "areas" ? "areas.failed" : "difference.failed";
    showNotice("error", text(key, { reason: problem.message }), { label: text("retry"), run: cells.retry });
  } else if (reason) showNotice("told", text(`difference.${reason}`));
}

/** Says which parts of a link are not known here. They are passed over, and the link no longer says them. */
function tellRefused(refused, state) {
  if (refused.length === 0) return;
  const [date] = refused.filter(({ name }) => name === "date");
  const { first, last } = state.get();
  const others = refused.filter((each) => each !== date).map(({ name, value }) => `${name}=${value}`).join(", ");
  const sentences = [];
  if (date) sentences.push(text("link.date", { day: date.value, from: shortDay(first), to: shortDay(last) }));
  if (others) sentences.push(text("link.unknown", { values: others.slice(0, 200) }));
  tell(sentences.join(" "));
}

/** Keeps the steps of the colour scale up to date: they follow from the cells or areas that are shown. */
function followBreaks(state) {
  const key = (values) => JSON.stringify(STEP_KEYS.map((each) => values[each]));
  state.follow(STEP_KEYS, async (values) => {
    try {
      const steps = await stepsOf(values);
      if (key(state.get()) === key(values)) state.set(steps);
    } catch {
      // The summary says that the figures cannot be read; the map keeps the colours that it has.
    }
  });
}
