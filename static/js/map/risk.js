import { colour } from "../theme.js";
import { LEVELS, levelColour } from "../levels.js";

export const SOURCE = "risk";
export const FILL = "risk-fill";
const LAYERS = { fill: FILL, edge: "risk-edge", unusual: "risk-unusual", hover: "risk-hover" };

// Within a level a stronger colour is a higher score. Most cells of most days lie far down in "low", so the steps are
// close together there.
const OPACITY = ["interpolate", ["linear"], ["get", "risk_score"], 0, 0.4, 5, 0.55, 12, 0.75, 25, 0.9, 100, 0.95];

/** Adds the risk cells of the state's day and keeps them at the state. Returns {settled, url}. */
export function addRisk(map, tileJSON, state) {
  const url = tileAddress(tileJSON.tiles[0]);
  const { date, resolution } = state.get();
  map.addSource(SOURCE, {
    type: "vector",
    tiles: [url(date, resolution)],
    minzoom: tileJSON.minzoom,
    maxzoom: tileJSON.maxzoom,
    bounds: tileJSON.bounds,
    promoteId: { risk: "h3_index" },
  });
  const layer = { source: SOURCE, "source-layer": "risk" };
  const hovered = ["boolean", ["feature-state", "hover"], false];
  map.addLayer({ id: LAYERS.fill, type: "fill", ...layer, paint: { "fill-opacity": OPACITY } });
  map.addLayer({ id: LAYERS.edge, type: "line", ...layer, paint: { "line-width": edgeWidth() } });
  map.addLayer({ id: LAYERS.unusual, type: "line", ...layer, paint: { "line-width": 1.75 } });
  map.addLayer({ id: LAYERS.hover, type: "line", ...layer, paint: { "line-width": ["case", hovered, 2, 0] } });
  paintRisk(map);
  filter(map, state.get());
  state.on(["levels", "anomalies"], (values) => filter(map, values));
  return { url, settled: followDay(map, url, state) };
}

/** Applies the present theme. */
export function paintRisk(map) {
  const byLevel = LEVELS.flatMap((level) => [level, levelColour(level)]);
  const level = ["match", ["get", "risk_level"], ...byLevel, colour("--ink-soft")];
  map.setPaintProperty(LAYERS.fill, "fill-color", level);
  map.setPaintProperty(LAYERS.edge, "line-color", colour("--map-paper"));
  map.setPaintProperty(LAYERS.unusual, "line-color", colour("--ink"));
  map.setPaintProperty(LAYERS.hover, "line-color", colour("--ink"));
}

/**
 * Changes the tiles' address when the day or the cell size changes; returns a function whose promise is kept once the
 * map shows what the state says.
 *
 * The address is changed only while no tile is on its way: MapLibre 5 re-reads a tile that was still loading at the
 * change from its old bytes, and the day before would stay on the screen. Days passed over in between are skipped.
 */
function followDay(map, url, state) {
  let shown = url(state.get().date, state.get().resolution);
  let running = null;

  async function follow() {
    await tilesArrived(map);
    for (;;) {
      const wanted = url(state.get().date, state.get().resolution);
      if (wanted === shown) break;
      shown = wanted;
      map.getSource(SOURCE).setTiles([wanted]);
      await tilesArrived(map);
    }
    running = null;
  }

  const start = () => (running ??= follow());
  state.on(["date", "resolution"], start);
  return start;
}

function tilesArrived(map) {
  return new Promise((resolve) => {
    map.once("idle", resolve);
    map.triggerRepaint();
  });
}

function filter(map, { levels, anomalies }) {
  const shown = ["in", ["get", "risk_level"], ["literal", levels]];
  for (const layer of [LAYERS.fill, LAYERS.edge, LAYERS.hover]) map.setFilter(layer, shown);
  map.setFilter(LAYERS.unusual, ["all", shown, ["boolean", ["get", "anomaly"], false]]);
  map.setLayoutProperty(LAYERS.unusual, "visibility", anomalies ? "visible" : "none");
}

/** The template's query may be there already: TileJSON gives it with the dataset. */
function tileAddress(template) {
  return (date, resolution) => {
    const address = `${template}${template.includes("?") ? "&" : "?"}date=${date}`;
    return resolution === null ? address : `${address}&resolution=${resolution}`;
  };
}

function edgeWidth() {
  return ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1.25, 16, 2];
}
