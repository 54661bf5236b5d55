import { address } from "../lib/api.js";
import { colour } from "../lib/theme.js";
import { BORDERS } from "./cells.js";

const DEEPEST = 14;

/**
 * Draws the borders of the dataset's layer of areas over the cells, so that places are known by their shape. Their
 * tiles have figures only if `hasFigures`: not every reader of a dataset may know them.
 */
export function addBorders(map, layer, dataset, above, hasFigures) {
  const figure = hasFigures ? null : "none";
  const template = decodeURI(address(`v1/tiles/areas/${layer}/{z}/{x}/{y}.mvt`, { dataset, figure }).href);
  map.addSource(BORDERS, { type: "vector", tiles: [template], maxzoom: DEEPEST });
  const line = { id: BORDERS, type: "line", source: BORDERS, "source-layer": "areas", paint: { "line-width": 1 } };
  map.addLayer(line, above);
  paintBorders(map);
}

/** Applies the current theme; nothing where there are no borders. */
export function paintBorders(map) {
  if (map.getLayer(BORDERS)) map.setPaintProperty(BORDERS, "line-color", colour("--map-bounds"));
}
