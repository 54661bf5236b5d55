import { fetchDataset, fetchKinds, getJSON } from "../lib/api.js";
import { extent, overviewResolution } from "../lib/cells.js";
import { CLASSES, LEVELS } from "../lib/choices.js";
import { unwrapped } from "../lib/box.js";
import { clampDay, shortDay } from "../lib/days.js";
import { fetchDifference } from "../lib/difference.js";
import { followLink, readLink } from "../lib/link.js";
import { breaksOf, fetchOutlook, hasOutlook } from "../lib/outlook.js";
import { createPlaces } from "../lib/places.js";
import { startCounts } from "../lib/served.js";
import { isSignedIn } from "../lib/session.js";
import { createState } from "../lib/state.js";
import { text, translate } from "../lib/text.js";
import { onTheme, startThemeButton } from "../lib/theme.js";
import { startBeside } from "../map/beside.js";
import { above } from "../map/cells.js";
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
import { createDrawer } from "../panels/cell/drawer.js";
import { closeDatasets, openDatasets, startDatasets } from "../panels/datasets.js";
import { startEmbed } from "../panels/embed.js";
import { explain, startHelp } from "../panels/help.js";
import { startLegend } from "../panels/legend.js";
import { startList } from "../panels/list.js";
import { layersOf, startShow } from "../panels/show.js";
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
  if (values.layer && !layersOf({ outlookDays, isExact }).includes(values.layer)) {
    refused.push({ name: "layer", value: values.layer });
    delete kept.layer;
  }
  const standard = {
    dataset: hextant.dataset, first, last, generation: hextant.generation, resolutions, groups, outlookDays,
    isExact, timeZone: hextant.time_zone,
    overview: overviewResolution(resolutions, unwrapped(bounds)), shownResolution: null,
    breaks: [], layer: hasOutlook({ outlookDays }) ? "class" : "risk", date: last, period: 28, compare: "before",
    kinds: [], levels: LEVELS, classes: CLASSES, resolution: null, anomalies: false, side: false, view: null,
    cell: null, playing: false,
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
    const cells = addShown(map, tileJSON, state, (reason, problem) => tellDifference(reason, problem, cells));
    const drawnCells = () => cells.cells().map((each) => each.properties);
    const beside = startBeside(map, state, {
      create: (container) => createMap(container, tileJSON, state.get().view, map.getPadding(), isStale, true),
      build: (other) => {
        dress(other, hextant, description);
        const made = addDifference(other, state, above(other), { isOther: true });
        startPicking(other, made, {
          onCell: ({ cell, geometry }) => drawer.show({ cell, geometry }), onNothing: drawer.close,
          describe: (properties) => describeCell(properties, state.get()),
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
    const drawer = createDrawer(state, {
      outline: (geometry) => select(map, geometry), place, description, canReadEvents: isSignedIn,
    });
    const go = (choice) => flyTo(map, drawer, choice);
    startPicking(map, cells, {
      onCell: ({ cell, geometry }) => drawer.show({ cell, geometry }),
      onNothing: drawer.close,
      describe: (properties) => describeCell(properties, state.get()),
    });
    startSummary(state, served, { onCell: go, place });
    startList(state, { onCell: go, place });
    startTake(state, beside.maps, description, served);
    startEmbed(state);
    startPaper(beside.maps, () => headline(state.get()));
    const playback = startPlayback(state, {
      settled: cells.settled,
      prefetch: (day) => {
        const address = cells.prefetched(day);
        if (address) prefetch(map, address, { ...tileJSON, bounds: hextant.bounds });
      },
      tell: (sentence) => showNotice("told", sentence, { label: text("close"), run: () => clearNotice("told") }),
    });
    startShortcuts(map, state, playback);
    window.hextant.look = startLive(state, showAbout).look;
    cells.settled().then(() => view ?? frame(map, cells, FRAME)).then(cells.settled).then(drawn);
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

/** Says why no difference is shown. */
function tellDifference(reason, problem, cells) {
  clearNotice("told");
  clearNotice("error");
  if (reason === "failed") {
    showNotice("error", text("difference.failed", { reason: problem.message }), {
      label: text("retry"), run: cells.retry,
    });
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
  showNotice("told", sentences.join(" "), { label: text("close"), run: () => clearNotice("told") });
}

/** Keeps the steps of the colour scale up to date: they follow from the cells of the outlook that is shown. */
function followBreaks(state) {
  const keys = ["layer", "date", "period", "compare", "kinds", "resolution", "generation", "side"];
  state.follow(keys, async (values) => {
    if (values.layer === "difference" && values.side) return followCounts(state, values);
    if (values.layer !== "events" && values.layer !== "forecast") return state.set({ breaks: [] });
    const isWhole = values.layer === "events";
    try {
      const { cells } = await fetchOutlook(values);
      if (state.get().layer !== values.layer) return;
      state.set({ breaks: breaksOf(cells.map((each) => (isWhole ? each.events : each.expected)), isWhole) });
    } catch {
      // The summary says that the outlook cannot be read; the map keeps the colours that it has.
    }
  });
}

/** The steps of two maps beside each other, which are the same for both. */
async function followCounts(state, values) {
  const { features } = await fetchDifference(values).catch(() => ({ features: [] }));
  if (state.get().layer !== "difference") return;
  const counts = features.flatMap(({ properties: { events, before } }) => [events, before]);
  state.set({ breaks: breaksOf(counts, true) });
}

/** Moves the map so that a cell is about a fifth of the view wide, and shows its figures. */
function flyTo(map, drawer, choice) {
  map.stop(); // ends an earlier flight before this one begins
  sheet.close();
  drawer.show(choice);
  map.setPadding(coveredPadding());
  const { box } = extent(choice.geometry);
  const canvas = map.getCanvas();
  const { top, bottom, right } = map.getPadding();
  const margin = 0.4 * Math.min(canvas.clientWidth - right, canvas.clientHeight - bottom - top);
  map.fitBounds(box, { padding: margin, maxZoom: 14 });
}
