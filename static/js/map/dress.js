import { text } from "../lib/text.js";
import { addBasemap, attributionNodes, paintBasemap } from "./basemap.js";
import { addBorders, paintBorders } from "./borders.js";
import { BELOW_SELECTION, LABELS } from "./cells.js";
import { addGround, paintGround } from "./ground.js";
import { addSelection, paintSelection } from "./selection.js";
import { paintWorld, startWorld } from "./world.js";

/**
 * Adds to a map what it has besides its cells: a basemap or the world's coasts, the ground, the selection, borders.
 * Where there are cells already, `cells` names their lowest layer.
 */
export function dress(map, hextant, { basemap, areas }, cells) {
  const isPlain = map.getLayer("ground") !== undefined;
  if (isPlain && basemap) addBasemap(map, basemap, cells);
  addGround(map, hextant.bounds, Boolean(basemap), cells);
  if (isPlain && !basemap) startWorld(map, "graticule");
  addSelection(map);
  outlineAreas(map, hextant, areas);
}

/** Adds the borders of the dataset's areas, if it has areas. */
function outlineAreas(map, { dataset, minimum_count: minimum = null }, areas) {
  if (!areas) return;
  addBorders(map, areas, dataset, map.getLayer(LABELS) ? LABELS : BELOW_SELECTION, minimum === null);
}

/** Applies the current theme to what `dress` has added. */
export function repaint(map) {
  [paintBasemap, paintGround, paintWorld, paintBorders, paintSelection].forEach((paint) => paint(map));
}

/** Says in the page whose the tiles below the cells are. */
export function creditBasemap(basemap) {
  const line = document.getElementById("basemap-attribution");
  line.hidden = !basemap?.attribution;
  if (!line.hidden) line.replaceChildren(`${text("about.map")} `, ...attributionNodes(basemap.attribution));
}
