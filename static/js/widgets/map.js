import { getJSON } from "../lib/api.js";
import { element } from "../lib/element.js";
import { stepsOf } from "../lib/steps.js";
import { onTheme } from "../lib/theme.js";
import { addButtons } from "../map/buttons.js";
import { addCells } from "../map/cells.js";
import { createMap } from "../map/create.js";
import { creditBasemap, dress, repaint } from "../map/dress.js";
import { frame } from "../map/frame.js";
import { startPicking } from "../map/pick.js";
import { addShown } from "../map/shown.js";
import { legendOf, swatchOf } from "../panels/legend.js";
import { describeCell } from "../panels/tip.js";
import { headline } from "../panels/sentences.js";
import { startWidget } from "./frame.js";

const library = new Promise((resolve) => {
  if (window.maplibregl) resolve();
  else document.getElementById("map-library").addEventListener("load", resolve);
});
const FRAME = { top: 12, right: 52, bottom: 28, left: 12 };
const PADDING = { top: 0, right: 0, bottom: 0, left: 0 };
let map = null;

startWidget(async (state, tileJSON) => {
  const { hextant } = tileJSON;
  const [basemap] = await Promise.all([
    hextant.basemap_tiles ? getJSON("basemap/tiles.json", {}).catch(() => null) : null,
    stepsOf(state.get()).then(state.set), library,
  ]);
  // Newer data may have other bounds and days: a new map is simpler than one that changes.
  map?.remove();
  map = createMap("map", tileJSON, state.get().view, PADDING, () => false);
  addButtons(map, hextant.bounds);
  creditBasemap(basemap);
  showLegend(state.get(), hextant);
  await new Promise((resolve) => map.once("load", resolve));
  const current = map;
  dress(current, hextant, { basemap, areas: hextant.areas });
  const cells = addShown(current, addCells(current, tileJSON, state), state, () => {});
  onTheme(() => {
    if (current !== map) return;
    repaint(current);
    cells.paint();
  });
  startPicking(current, cells, {
    onPlace: () => {}, onNothing: () => {}, describe: (properties) => describeCell(properties, state.get()),
  });
  Object.assign(window.hextant, { map, cells: () => cells.cells().map((each) => each.properties) });
  await cells.settled();
  if (state.get().view) return;
  frame(current, cells, FRAME);
  await cells.settled();
});

function showLegend(values, { thresholds }) {
  document.getElementById("legend-title").textContent = headline(values);
  const { entries } = legendOf(values, thresholds);
  const levels = document.getElementById("levels");
  levels.classList.toggle("areas", values.layer === "areas");
  levels.replaceChildren(...entries.map((entry) => element("div", {
    class: "level", "data-level": entry.key, title: entry.range || null,
  }, swatchOf(entry), element("span", { class: "level-name", text: entry.name }))));
}
