/* global maplibregl */
import { fetchDataset, fetchKinds, getJSON } from "../lib/api.js";
import { overviewResolution } from "../lib/cells.js";
import { CLASSES, layersOf, LEVELS, STEPPED_LAYERS, TILE_LAYERS } from "../lib/choices.js";
import { unwrapped } from "../lib/box.js";
import { clampDay } from "../lib/days.js";
import { followLink, readLink } from "../lib/link.js";
import { hasOutlook } from "../lib/outlook.js";
import { createState } from "../lib/state.js";
import { text, translate } from "../lib/text.js";
import { addCells } from "../map/cells.js";
import { createMap } from "../map/create.js";
import { frame } from "../map/frame.js";
import { answerClick, takeEarly } from "./early.js";
import { clearNotice, showNotice } from "./notice.js";
import { coveredPadding } from "./sheet.js";

// The imports above are what the first cells need; all else comes after them.
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
// Its worker reads the library once more, which takes as long again: meanwhile the page asks what there is to draw.
mapLibrary.then(() => maplibregl.prewarm());
let around = null; // the module, where it was needed before the map

translate(document);
open();

async function open() {
  const link = readLink(location);
  let tileJSON;
  let kinds = null;
  try {
    // All kinds of events are asked for later, unless the link names some.
    const { dataset, kinds: named } = link.values;
    tileJSON = await fetchDataset(dataset, undefined, takeEarly());
    if (named) kinds = await fetchKinds(tileJSON.hextant.dataset).catch(() => []);
  } catch (problem) {
    return refuse((around) => around.tellRefusal(problem, link.values), problem.message);
  }
  clearNotice("error");
  around?.closeDatasets();
  if (!tileJSON.hextant.last_day) {
    return refuse((around) => around.tellUnscored(tileJSON.hextant), text("dataset.unscored"));
  }
  await mapLibrary;
  run(tileJSON, kinds, link);
}

/** Says why there is no map, with what the page has around it: another dataset or a sign-in may help. */
async function refuse(tell, reason) {
  document.body.dataset.phase = "failed";
  document.head.append(document.getElementById("later").content);
  showNotice("error", reason, { label: text("retry"), run: open });
  around = await import("./around.js");
  around.startAround(open);
  tell(around);
  answerClick();
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

/** The description of a dataset with that of the operator's own tiles. The page can do without either. */
async function describe(hextant) {
  const [description, basemap] = await Promise.all([
    getJSON(`v1/datasets/${encodeURIComponent(hextant.dataset)}`, {}).catch(() => ({})),
    hextant.basemap_tiles ? getJSON("basemap/tiles.json", {}).catch(() => null) : null,
  ]);
  return { ...description, ...hextant, basemap, flag_z: description.flag_z ?? STANDARD_FLAG };
}

function run(tileJSON, kinds, link) {
  const { hextant } = tileJSON;
  const { standard, kept, refused } = begin(link, hextant, kinds ?? []);
  const state = createState({ ...standard, ...kept, dataset: hextant.dataset });
  const start = hextant.generation;
  document.body.dataset.phase = "loading"; // until there are controls

  const { view, layer } = state.get();
  const isStale = () => state.get().generation !== start;
  const map = createMap("map", tileJSON, view, coveredPadding(), isStale);
  window.hextant.map = map;
  const problems = []; // of the map, until the rest of the page tells them
  const keep = (event) => problems.push(event);
  map.on("error", keep);
  const told = () => {
    map.off("error", keep);
    return problems;
  };
  const rest = { tileJSON, kinds, refused, isStale, open, problems: told };
  map.once("style.load", async () => {
    const tiles = addCells(map, tileJSON, state);
    publish(tiles);
    if (STEPPED_LAYERS.includes(layer)) import("./breaks.js").then(({ followBreaks }) => followBreaks(state));
    let refit = () => {};
    const showFirst = async (cells) => {
      await cells.settled();
      performance.mark("first-cells");
      // What was drawn is on the screen only when this task ends.
      await new Promise((resolve) => { setTimeout(resolve); });
      if (!view) refit = frame(map, cells, FRAME);
    };
    const isFirst = TILE_LAYERS.includes(layer) ? showFirst(tiles) : null;
    // A tile that takes long does not keep the rest of the page waiting; areas and differences are drawn by it.
    if (isFirst) await Promise.race([isFirst, new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
    const cells = await startRest(map, tiles, state, rest);
    await (isFirst ?? showFirst(cells));
    // What covers the map may have grown with the controls.
    if (!isSame(coveredPadding(), map.getPadding())) {
      map.setPadding(coveredPadding());
      refit();
    }
    window.hextant.settled().then(drawn);
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
    const again = begin(next, hextant, rest.kinds ?? []);
    rest.tellRefused?.(again.refused, state);
    const { view: wanted, language, ...others } = again.kept;
    state.set({ ...others, playing: false });
    if (wanted) map.jumpTo({ center: [wanted.lng, wanted.lat], zoom: wanted.zoom });
    return true;
  });
}

const isSame = (a, b) => ["top", "right", "bottom", "left"].every((side) => Math.abs(a[side] - b[side]) < 1);

function publish(cells) {
  const { settled } = cells;
  Object.assign(window.hextant, { settled, cells: () => cells.cells().map((each) => each.properties) });
}

/** Starts the rest of the page. Resolves with all cells that there can be. */
async function startRest(map, tiles, state, rest) {
  const { hextant } = rest.tileJSON;
  try {
    const [[{ startControls }], description, kinds] = await Promise.all([
      loadControls(), describe(hextant), rest.kinds ?? fetchKinds(hextant.dataset).catch(() => []),
    ]);
    Object.assign(rest, { description, kinds });
    const { cells, tellRefused, ...others } = startControls(map, tiles, state, rest);
    rest.tellRefused = tellRefused;
    publish(cells);
    Object.assign(window.hextant, others);
    answerClick();
    return cells;
  } catch (problem) {
    showNotice("error", text("server.away"), { label: text("retry"), run: () => location.reload() });
    throw problem;
  }
}
