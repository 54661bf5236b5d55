import { colour } from "../lib/theme.js";

const EDGE_WIDTH = ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1.25, 16, 2];
const HOVER_WIDTH = ["case", ["boolean", ["feature-state", "hover"], false], 2, 0];

/** The layers of a side from the lowest up: cells, the edges between them, unusual cells, and the cell pointed at. */
const named = (side) => [`${side}-fill`, `${side}-edge`, `${side}-unusual`, `${side}-hover`];

/** Those that the map has. */
export function layersOf(map, side) {
  return named(side).filter((layer) => map.getLayer(layer));
}

/** Adds a source of tiles, named `side`, whose cells are in `sourceLayer`, with its layers below the layer `above`. */
export function addSide(map, side, sourceLayer, { tiles, minzoom, maxzoom, bounds }, above) {
  map.addSource(side, { type: "vector", tiles, minzoom, maxzoom, bounds, promoteId: { [sourceLayer]: "h3_index" } });
  const [fill, edge, unusual] = named(side);
  const add = (id, type, paint) => {
    map.addLayer({ id, type, source: side, "source-layer": sourceLayer, paint }, above);
  };
  // The canvas smooths what is drawn, and the edges lie over the outlines: they need no program of their own.
  add(fill, "fill", { "fill-antialias": false });
  add(edge, "line", { "line-width": EDGE_WIDTH });
  add(unusual, "line", { "line-width": 1.75 });
}

/** Adds the outline of the cell pointed at, if it is not there. It needs a program of the graphics card of its own. */
export function addHover(map, side, sourceLayer) {
  const [, edge, unusual, id] = named(side);
  if (map.getLayer(id)) return;
  const paint = { "line-width": HOVER_WIDTH, "line-color": colour("--ink") };
  const order = map.getLayersOrder();
  const filter = map.getFilter(edge);
  const layer = { id, type: "line", source: side, "source-layer": sourceLayer, paint, ...(filter && { filter }) };
  map.addLayer(layer, order[order.indexOf(unusual) + 1]);
}

export function removeSide(map, side) {
  for (const layer of layersOf(map, side)) map.removeLayer(layer);
  map.removeSource(side);
}

/** Draws the cells by a look, which comes from `lookOf`. */
export function paintSide(map, side, { fill, opacity, shown, unusual }) {
  const [fills, edge, outline, hover] = named(side);
  const hasHover = map.getLayer(hover) !== undefined;
  map.setPaintProperty(fills, "fill-color", fill);
  map.setPaintProperty(fills, "fill-opacity", opacity);
  map.setPaintProperty(edge, "line-color", colour("--map-paper"));
  map.setPaintProperty(outline, "line-color", colour("--ink"));
  if (hasHover) map.setPaintProperty(hover, "line-color", colour("--ink"));
  const filter = shown === true ? null : shown;
  for (const layer of [fills, edge, ...(hasHover ? [hover] : [])]) map.setFilter(layer, filter);
  map.setFilter(outline, unusual === false ? ["all", false] : unusual);
}
