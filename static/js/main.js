import { showAbout } from "./about.js";
import { startAccount } from "./account.js";
import { fetchDataset } from "./api.js";
import { clampDay } from "./days.js";
import { SPANS, startHotspots } from "./hotspots.js";
import { LEVELS, startLevels } from "./levels.js";
import { followLink, readLink } from "./link.js";
import { createMap } from "./map/create.js";
import { addGround, paintGround } from "./map/ground.js";
import { startPicking } from "./map/pick.js";
import { prefetch } from "./map/prefetch.js";
import { addRisk } from "./map/risk.js";
import { addSelection, extent, paintSelection } from "./map/selection.js";
import { clearNotice, showNotice } from "./notice.js";
import { startPlayback } from "./playback.js";
import { createPopup } from "./popup.js";
import { startReport } from "./report.js";
import { startResolution } from "./resolution.js";
import { coveredPadding, startSheet } from "./sheet.js";
import { createState } from "./state.js";
import { onTheme, startThemeButton } from "./theme.js";
import { startTimeline } from "./timeline.js";

// For the console and for tests: `ready` resolves when the first day is drawn, `settled()` when the selected day is;
// `cells()` lists the attributes of the cells drawn.
const { promise: ready, resolve: drawn } = Promise.withResolvers();
window.hextant = { map: null, ready, settled: () => ready, cells: () => [] };

startThemeButton();
const sheet = startSheet();
// Data that needs a sign-in may be available now.
startAccount((isSignedIn) => {
  if (document.body.dataset.phase === "failed") open();
  else if (!isSignedIn) location.reload();
});
document.getElementById("skip").addEventListener("click", () => document.getElementById("slider").focus());
open();

async function open() {
  const link = readLink(location.hash);
  let tileJSON;
  try {
    tileJSON = await fetchDataset(link.dataset);
  } catch (problem) {
    return refuse(problem, link);
  }
  clearNotice("error");
  showAbout(tileJSON.hextant);
  if (!tileJSON.hextant.last_day) {
    return showNotice("error", "This dataset has no scored days yet. Score it and refresh the view, then reload.");
  }
  run(tileJSON, link);
}

function refuse(problem, link) {
  document.body.dataset.phase = "failed";
  if (problem.status === 404 && link.dataset) {
    return showNotice("error", problem.message, {
      label: "Show the default dataset",
      run: () => { location.href = location.pathname; },
    });
  }
  showNotice("error", problem.message, { label: "Try again", run: open });
}

function run(tileJSON, link) {
  const { dataset, first_day: first, last_day: last, resolutions } = tileJSON.hextant;
  const valid = (values) => ({
    ...values,
    ...(values.date && { date: clampDay(values.date, first, last) }),
    ...("resolution" in values && { resolution: resolutions.includes(values.resolution) ? values.resolution : null }),
    ...("span" in values && { span: SPANS.includes(values.span) ? values.span : 28 }),
  });
  const defaults = {
    date: last, levels: LEVELS, resolution: null, anomalies: false, span: 28, view: null, playing: false,
  };
  const state = createState({ ...defaults, ...valid(link), dataset });

  startLevels(state);
  startResolution(state, resolutions);
  startTimeline(state, first, last);
  document.body.dataset.phase = "ready";

  const map = createMap("map", tileJSON, state.get().view, coveredPadding());
  window.hextant.map = map;
  map.once("load", () => {
    addGround(map, tileJSON.hextant.bounds);
    addSelection(map);
    const risk = addRisk(map, tileJSON, state);
    Object.assign(window.hextant, { settled: risk.settled, cells: () => risk.cells().map((each) => each.properties) });
    onTheme(() => [paintGround, risk.paint, paintSelection].forEach((paint) => paint(map)));
    startReport(map, risk, state);

    const popup = createPopup(map, state, { hasNames: Boolean(tileJSON.hextant.areas) });
    startPicking(map, risk, popup.show, popup.close);
    startHotspots(state, { first, resolutions, onChoose: (cell) => flyTo(map, popup, cell) });
    startPlayback(state, {
      first, last,
      settled: risk.settled,
      prefetch: (day) => {
        const address = risk.prefetched(day);
        if (address) prefetch(map, address, { ...tileJSON, bounds: tileJSON.hextant.bounds });
      },
    });
    risk.settled().then(drawn);
  });

  map.on("moveend", () => {
    const { lng, lat } = map.getCenter().wrap();
    state.set({ view: { zoom: map.getZoom(), lat, lng } });
  });
  addEventListener("resize", () => map.setPadding(coveredPadding()));
  followLink(state, (values) => {
    if (values.dataset && values.dataset !== dataset) return location.reload();
    state.set({ ...valid(values), playing: false });
    if (values.view) map.jumpTo({ center: [values.view.lng, values.view.lat], zoom: values.view.zoom });
  });
}

/** Moves the map so that a top cell is about a fifth of the view wide, then shows its figures. */
function flyTo(map, popup, choice) {
  map.stop(); // ends an earlier flight, and its wait for the arrival, before this one begins
  sheet.close();
  popup.close();
  map.setPadding(coveredPadding());
  const { box } = extent(choice.geometry);
  const canvas = map.getCanvas();
  const { top, bottom } = map.getPadding();
  const margin = 0.4 * Math.min(canvas.clientWidth, canvas.clientHeight - bottom - top);
  map.once("moveend", () => popup.show(choice));
  map.fitBounds(box, { padding: margin, maxZoom: 14 });
}
