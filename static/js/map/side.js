import { LEVELS, levelColour } from "../levels.js";
import { colour } from "../theme.js";

// Within a level, a stronger colour is a higher score. On most days most cells have low scores in "low", so the steps
// are close together there.
const OPACITY = [0, 0.5, 5, 0.65, 12, 0.8, 25, 0.92, 100, 0.96];
const EDGE_WIDTH = ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1.25, 16, 2];
const HOVER_WIDTH = ["case", ["boolean", ["feature-state", "hover"], false], 2, 0];

/** The layers of a side from the lowest up: cells, the edges between them, unusual cells, and the cell pointed at. */
export function layersOf(side) {
  return [`${side}-fill`, `${side}-edge`, `${side}-unusual`, `${side}-hover`];
}

/** Adds one source of risk tiles, named `side`, with its layers below the layer `above`. */
export function addSide(map, side, { tiles, minzoom, maxzoom, bounds }, above) {
  map.addSource(side, { type: "vector", tiles, minzoom, maxzoom, bounds, promoteId: { risk: "h3_index" } });
  const [fill, edge, unusual, hover] = layersOf(side);
  const add = (id, type, paint) => map.addLayer({ id, type, source: side, "source-layer": "risk", paint }, above);
  add(fill, "fill", {});
  add(edge, "line", { "line-width": EDGE_WIDTH });
  add(unusual, "line", { "line-width": 1.75 });
  add(hover, "line", { "line-width": HOVER_WIDTH });
}

/**
 * What a cell's score and level are called: attributes of a tile of one day, or, where `column` names the day's score
 * in a tile of several, that and what follows from it by the dataset's `thresholds`.
 */
export function figuresOf(column, thresholds) {
  if (column === null) return { score: ["get", "risk_score"], level: ["get", "risk_level"], present: true };
  const score = ["number", ["get", column], 0];
  const above = ["critical", "high", "medium"].flatMap((level) => [[">", score, thresholds[level]], level]);
  return { score, level: ["case", ...above, "low"], present: ["has", column] };
}

/** Applies the current theme to the cells; `figures` comes from {@link figuresOf}. */
export function paintSide(map, side, figures) {
  const [fill, edge, unusual, hover] = layersOf(side);
  const byLevel = LEVELS.flatMap((level) => [level, levelColour(level)]);
  map.setPaintProperty(fill, "fill-color", ["match", figures.level, ...byLevel, colour("--ink-soft")]);
  map.setPaintProperty(fill, "fill-opacity", ["interpolate", ["linear"], figures.score, ...OPACITY]);
  map.setPaintProperty(edge, "line-color", colour("--map-paper"));
  map.setPaintProperty(unusual, "line-color", colour("--ink"));
  map.setPaintProperty(hover, "line-color", colour("--ink"));
}

/** Shows the day's cells of `levels`, and outlines unusual ones if `anomalies`. */
export function filterSide(map, side, { levels, anomalies }, figures) {
  const [fill, edge, unusual, hover] = layersOf(side);
  const shown = ["all", figures.present, ["in", figures.level, ["literal", levels]]];
  for (const layer of [fill, edge, hover]) map.setFilter(layer, shown);
  map.setFilter(unusual, ["all", anomalies, shown, ["boolean", ["get", "anomaly"], false]]);
}
