import { fetchDataset, fetchKinds, getJSON } from "../lib/api.js";
import { extent, overviewResolution, resolutionOf } from "../lib/cells.js";
import { CLASSES, layersOf, LEVELS } from "../lib/choices.js";
import { unwrapped } from "../lib/box.js";
import { clampDay, shortDay } from "../lib/days.js";
import { followLink, readLink } from "../lib/link.js";
import { hasOutlook } from "../lib/outlook.js";
import { createPlaces } from "../lib/places.js";
import { startCounts } from "../lib/served.js";
import { isSignedIn } from "../lib/session.js";
import { createState } from "../lib/state.js";
import { STEP_KEYS, stepsOf } from "../lib/steps.js";
import { text, translate } from "../lib/text.js";
import { onTheme, startThemeButton } from "../lib/theme.js";
import { startBeside } from "../map/beside.js";
import { above, drawn as drawnOn } from "../map/cells.js";
import { createMap } from "../map/create.js";
import { addDifference } from "../map/difference.js";
import { creditBasemap, dress, repaint } from "../map/dress.js";
import { frame } from "../map/frame.js";
import { startPicking } from "../map/pick.js";
import { prefetch } from "../map/prefetch.js";
import { select } from "../map/selection.js";
import { addShown } from "../map/shown.js";
import { showAbout } from "../panels/about.js";
import { offerAccount, startAccount } from "../panels/account.js";
import { createAreaDrawer } from "../panels/area/drawer.js";
import { createDrawer } from "../panels/cell/drawer.js";
import { fetchOutline } from "../panels/cell/reading.js";
import { closeDatasets, openDatasets, startDatasets } from "../panels/datasets.js";
import { closeDrawer } from "../panels/drawer.js";
import { startEmbed } from "../panels/embed.js";
import { startFind } from "../panels/find.js";
import { explain, startHelp } from "../panels/help.js";
import { startLegend } from "../panels/legend.js";
import { startList } from "../panels/list.js";
import { startShow } from "../panels/show.js";
import { startSummary } from "../panels/summary.js";
import { headline } from "../panels/sentences.js";
import { startTake } from "../panels/take.js";
import { startTimeline } from "../panels/timeline.js";
import { describeCell } from "../panels/tip.js";
import { startLive } from "./live.js";
import { clearNotice, showNotice } from "./notice.js";
import { startPaper } from "./paper.js";
import { startPlayback } from "./playback.js";
import { startReport } from "./report.js";
import { coveredPadding, startSheet } from "./sheet.js";
import { startShortcuts } from "./shortcuts.js";

const FRAME = { top: 24, bottom: 24, left: 24, right: 64 }; // px around the cells; the buttons are at the right
const POINT_ZOOM = 13; // at least, where coordinates are looked up
const STANDARD_FLAG = 2; // standard deviations, where the server does not tell the dataset's own

// For the console and for tests: `ready` resolves when the first cells are drawn, `settled()` when those of the state
// are; `cells()` lists the attributes of the cells drawn; `look()` asks the server for news at once.
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
  if (document.body.dataset.phase !== "ready") open();
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

function run(tileJSON, description, kinds, link) {
  const { hextant } = tileJSON;
  const { standard, kept, refused } = begin(link, hextant, kinds);
  const state = createState({ ...standard, ...kept, dataset: hextant.dataset });
  const start = hextant.generation;
  const appearance = { thresholds: hextant.thresholds, flagZ: description.flag_z };
  document.body.dataset.phase = "ready";
  explain(appearance);
  tellRefused(refused, state);
  followBreaks(state);

  const served = startCounts(state);
  startShow(state, kinds);
  startLegend(state, appearance);
  startTimeline(state, served, (day) => tellRefused([{ name: "date", value: day }], state));

  const view = state.get().view;
  const isStale = () => state.get().generation !== start;
  const map = createMap("map", tileJSON, view, coveredPadding(), isStale);
  window.hextant.map = map;
  creditBasemap(description.basemap);
  map.once("load", () => {
    dress(map, hextant, description);
    const cells = addShown(map, tileJSON, state, (layer, ...reason) => tellLayer(layer, ...reason, cells));
    const drawnCells = () => cells.cells().map((each) => each.properties);
    const beside = startBeside(map, state, {
      create: (container) => createMap(container, tileJSON, state.get().view, map.getPadding(), isStale, true),
      build: (other) => {
        dress(other, hextant, description);
        const made = addDifference(other, state, above(other), { isOther: true });
        startPicking(other, made, {
          onPlace: openPlace, onNothing: closeDrawer, describe: (properties) => describeCell(properties, state.get()),
        });
        return made;
      },
      onChange: () => map.setPadding(coveredPadding()),
    });
    const settled = () => cells.settled().then(beside.settled);
    const besideCells = () => beside.cells().map((each) => each.properties);
    Object.assign(window.hextant, { settled, cells: drawnCells, beside: besideCells });
    onTheme(() => beside.maps().forEach((each) => repaint(each)));
    onTheme(() => [cells, beside].forEach((each) => each.paint()));
    startReport(map, cells, state);
    served.load();

    const place = createPlaces(description.areas);
    const outline = (geometry) => select(map, geometry);
    const drawer = createDrawer(state, { outline, place, description, canReadEvents: isSignedIn });
    const areaDrawer = createAreaDrawer(state, { outline });
    const openPlace = ({ properties, geometry }) => {
      const { h3_index: cell, id, name } = properties;
      if (cell) drawer.show({ cell, geometry });
      else areaDrawer.show({ area: id, name });
    };
    const go = (choice) => flyTo(map, choice.geometry, () => drawer.show(choice));
    const goToArea = (choice) => {
      sheet.close();
      areaDrawer.show({ ...choice, onPlace: (geometry) => flyTo(map, geometry, () => {}) });
    };
    const picking = startPicking(map, cells, {
      onPlace: openPlace, onNothing: closeDrawer, describe: (properties) => describeCell(properties, state.get()),
    });
    startSummary(state, served, { onCell: go, onArea: goToArea, place });
    startList(state, { onCell: go, onArea: goToArea, place });
    startFind(state.get().areas, {
      onArea: goToArea,
      onPoint: (point) => goToPoint(map, cells, picking, point),
      onCell: (cell) => findCell(state.get(), cell, go),
    });
    startTake(state, beside.maps, description, served);
    startEmbed(state);
    startPaper(beside.maps, () => headline(state.get()));
    const playback = startPlayback(state, {
      settled: cells.settled,
      prefetch: (day) => {
        const address = cells.prefetched(day);
        if (address) prefetch(map, address, { ...tileJSON, bounds: hextant.bounds });
      },
      tell,
    });
    startShortcuts(map, state, playback);
    window.hextant.look = startLive(state, showAbout, Boolean(hextant.changes)).look;
    cells.settled().then(() => {
      if (view) return;
      // The controls may have grown since the map was made.
      map.setPadding(coveredPadding());
      frame(map, cells, FRAME);
    }).then(cells.settled).then(drawn);
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

/** Moves the map so that a cell is about a fifth of the view wide; `show()` opens the drawer, which takes some room. */
function flyTo(map, geometry, show) {
  map.stop(); // ends an earlier flight before this one begins
  sheet.close();
  show();
  map.setPadding(coveredPadding());
  const { box } = extent(geometry);
  const canvas = map.getCanvas();
  const { top, bottom, right } = map.getPadding();
  const margin = 0.4 * Math.min(canvas.clientWidth - right, canvas.clientHeight - bottom - top);
  map.fitBounds(box, { padding: margin, maxZoom: 14 });
}

/** Moves the map to a point, and opens what is there. */
function goToPoint(map, cells, picking, [lng, lat]) {
  map.stop();
  sheet.close();
  map.setPadding(coveredPadding());
  map.once("moveend", async () => {
    await cells.settled();
    await drawnOn(map);
    if (!picking.at(map.project([lng, lat]))) tell(text("find.nothing"));
  });
  map.easeTo({ center: [lng, Math.max(-85, Math.min(85, lat))], zoom: Math.max(map.getZoom(), POINT_ZOOM) });
}

/** Goes to a cell by its index. Where it lies is known of the cells that ever had an event. */
async function findCell({ dataset, resolutions }, cell, go) {
  try {
    const isKnown = resolutions.includes(resolutionOf(cell));
    const geometry = isKnown ? await fetchOutline(dataset, cell) : null;
    if (geometry) go({ cell, geometry, opener: document.getElementById("find-text") });
    else tell(text(isKnown ? "find.noCell" : "find.noSize"));
  } catch (problem) {
    tell(text("find.failed", { reason: problem.message }));
  }
}

/** Says a sentence that the reader may put away. */
function tell(sentence) {
  showNotice("told", sentence, { label: text("close"), run: () => clearNotice("told") });
}
