import { extent, resolutionOf } from "../lib/cells.js";
import { createPlaces } from "../lib/places.js";
import { startCounts } from "../lib/served.js";
import { isSignedIn } from "../lib/session.js";
import { text } from "../lib/text.js";
import { onTheme } from "../lib/theme.js";
import { startBeside } from "../map/beside.js";
import { addButtons } from "../map/buttons.js";
import { above, drawn as drawnOn } from "../map/cells.js";
import { createMap } from "../map/create.js";
import { addDifference } from "../map/difference.js";
import { creditBasemap, dress, repaint } from "../map/dress.js";
import { startPicking } from "../map/pick.js";
import { prefetch } from "../map/prefetch.js";
import { select } from "../map/selection.js";
import { addShown } from "../map/shown.js";
import { showAbout } from "../panels/about.js";
import { createAreaDrawer } from "../panels/area/drawer.js";
import { createDrawer } from "../panels/cell/drawer.js";
import { fetchOutline } from "../panels/cell/reading.js";
import { closeDrawer } from "../panels/drawer.js";
import { startEmbed } from "../panels/embed.js";
import { startFind } from "../panels/find.js";
import { explain } from "../panels/help.js";
import { startLegend } from "../panels/legend.js";
import { startList } from "../panels/list.js";
import { headline } from "../panels/sentences.js";
import { startShow } from "../panels/show.js";
import { startSummary } from "../panels/summary.js";
import { startTake } from "../panels/take.js";
import { startTimeline } from "../panels/timeline.js";
import { describeCell } from "../panels/tip.js";
import { introduce, startAround, tellLayer, tellRefused } from "./around.js";
import { followBreaks } from "./breaks.js";
import { startLive } from "./live.js";
import { tell } from "./notice.js";
import { startPaper } from "./paper.js";
import { startPlayback } from "./playback.js";
import { startReport } from "./report.js";
import { coveredPadding } from "./sheet.js";
import { startShortcuts } from "./shortcuts.js";

const POINT_ZOOM = 13; // at least, where coordinates are looked up

/**
 * Starts all that the page has besides a map with `tiles`, its first cells: what else the map shows, choices, days,
 * legend, lists, drawers, what can be taken away, and news. The first cells do not wait for it. `page` has the
 * dataset's `tileJSON`, `description` and `kinds`, `isStale` for a second map, `problems()` of the map so far, parts
 * of the link that were `refused`, and `open` to ask for the dataset again. Returns all `cells`, `settled()` and
 * `beside()` for both maps, `look()`, and `tellRefused`.
 */
export function startControls(map, tiles, state, page) {
  const { tileJSON, description, kinds, isStale, problems, refused, open } = page;
  const { hextant } = tileJSON;
  const appearance = { thresholds: hextant.thresholds, flagZ: description.flag_z };
  const sheet = startAround(open);
  introduce(hextant);
  creditBasemap(description.basemap);
  addButtons(map, hextant.bounds);
  dress(map, hextant, description, tiles.lowest());
  const cells = addShown(map, tiles, state, (layer, ...reason) => tellLayer(layer, ...reason, cells));
  startReport(map, cells, state, problems());
  tellRefused(refused, state);
  followBreaks(state);
  explain(appearance);
  const served = startCounts(state);
  startShow(state, kinds);
  startLegend(state, appearance);
  startTimeline(state, served, (day) => tellRefused([{ name: "date", value: day }], state));
  document.body.dataset.phase = "ready";
  const beside = startBeside(map, state, {
    create: (container) => createMap(container, tileJSON, state.get().view, map.getPadding(), isStale),
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
  onTheme(() => beside.maps().forEach((each) => repaint(each)));
  onTheme(() => [cells, beside].forEach((each) => each.paint()));
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
  const go = (choice) => flyTo(map, sheet, choice.geometry, () => drawer.show(choice));
  const goToArea = (choice) => {
    sheet.close();
    areaDrawer.show({ ...choice, onPlace: (geometry) => flyTo(map, sheet, geometry, () => {}) });
  };
  const picking = startPicking(map, cells, {
    onPlace: openPlace, onNothing: closeDrawer, describe: (properties) => describeCell(properties, state.get()),
  });
  startSummary(state, served, { onCell: go, onArea: goToArea, place });
  startList(state, { onCell: go, onArea: goToArea, place });
  startFind(state.get().areas, {
    onArea: goToArea,
    onPoint: (point) => goToPoint(map, sheet, cells, picking, point),
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
  const { look } = startLive(state, showAbout);
  return {
    cells,
    tellRefused,
    look,
    settled: () => cells.settled().then(beside.settled),
    beside: () => beside.cells().map((each) => each.properties),
  };
}

/** Moves the map so that a cell is about a fifth of the view wide; `show()` opens the drawer, which takes some room. */
function flyTo(map, sheet, geometry, show) {
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
function goToPoint(map, sheet, cells, picking, [lng, lat]) {
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
