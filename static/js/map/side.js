import { colour } from "../lib/theme.js";

const EDGE_WIDTH = ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1.25, 16, 2];
const HOVER_WIDTH = ["case", ["boolean", ["feature-state", "hover"], false], 2, 0];

/** The layers of a side from the lowest up: cells, the edges between them, unusual cells, and the cell pointed at. */
export function layersOf(side) {
  return [`${side}-fill`, `${side}-edge`, `${side}-unusual`, `${side}-hover`];
}

/** Adds a source of tiles, named `side`, whose cells are in `sourceLayer`, with its layers below the layer `above`. */
export function addSide(map, side, sourceLayer, { tiles, minzoom, maxzoom, bounds }, above) {
  map.addSource(side, { type: "vector", tiles, minzoom, maxzoom, bounds, promoteId: { [sourceLayer]: "h3_index" } });
  const [fill, edge, unusual, hover] = layersOf(side);
  const add = (id, type, paint) => {
    map.addLayer({ id, type, source: side, "source-layer": sourceLayer, paint }, above);
  };
  add(fill, "fill", {});
  add(edge, "line", { "line-width": EDGE_WIDTH });
  add(unusual, "line", { "line-width": 1.75 });
  add(hover, "line", { "line-width": HOVER_WIDTH });
}

export function removeSide(map, side) {
  for (const layer of layersOf(side)) map.removeLayer(layer);
  map.removeSource(side);
}

/** Draws the cells by a look, which comes from `lookOf`. */
export function paintSide(map, side, { fill, opacity, shown, unusual }) {
  const [fills, edge, outline, hover] = layersOf(side);
  map.setPaintProperty(fills, "fill-color", fill);
  map.setPaintProperty(fills, "fill-opacity", opacity);
  map.setPaintProperty(edge, "line-color", colour("--map-paper"));
  map.setPaintProperty(outline, "line-color", colour("--ink"));
  map.setPaintProperty(hover, "line-color", colour("--ink"));
  const filter = shown === true ? null : shown;
  for (const layer of [fills, edge, hover]) map.setFilter(layer, filter);
  map.setFilter(outline, unusual === false ? ["all", false] : unusual);
}
