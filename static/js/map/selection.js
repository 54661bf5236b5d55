import { colour } from "../lib/theme.js";

const SOURCE = "selection";
const LAYERS = { halo: "selection-halo", line: "selection-line" };
const NOTHING = { type: "FeatureCollection", features: [] };

/** Adds the outline of the selected cell above all cells, whatever their size at the current zoom. */
export function addSelection(map) {
  map.addSource(SOURCE, { type: "geojson", data: NOTHING });
  map.addLayer({ id: LAYERS.halo, type: "line", source: SOURCE, paint: { "line-width": 6, "line-opacity": 0.75 } });
  map.addLayer({ id: LAYERS.line, type: "line", source: SOURCE, paint: { "line-width": 2.5 } });
  paintSelection(map);
}

/** Applies the current theme. */
export function paintSelection(map) {
  map.setPaintProperty(LAYERS.halo, "line-color", colour("--map-paper"));
  map.setPaintProperty(LAYERS.line, "line-color", colour("--ink"));
}

/** Outlines `geometry` (GeoJSON), or nothing when it is null. */
export function select(map, geometry) {
  map.getSource(SOURCE).setData(geometry ? { type: "Feature", properties: {}, geometry } : NOTHING);
}
