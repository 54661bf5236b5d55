import { colour } from "../lib/theme.js";
import { root } from "../lib/root.js";

const SOURCE = "world";
const DEEPEST = 7; // zoom beyond which the coasts are too coarse to be of use

/**
 * The coasts and borders of the world in coarse lines, for datasets that are seen from afar where there is no other
 * basemap. They are asked for when the map first shows so much that they help.
 */
export function startWorld(map, above) {
  const look = () => {
    if (map.getZoom() >= DEEPEST || map.getSource(SOURCE)) return;
    map.addSource(SOURCE, { type: "geojson", data: new URL("world.json", root).href });
    // The plain ground of the dataset would hide the land around it.
    if (map.getLayer("bounds-fill")) map.setLayerZoomRange("bounds-fill", DEEPEST, 24);
    const of = (kind) => ["==", ["get", "kind"], kind];
    const common = { source: SOURCE, maxzoom: DEEPEST };
    map.addLayer({ id: "world-land", type: "fill", filter: of("land"), ...common }, above);
    map.addLayer({ id: "world-coast", type: "line", filter: of("land"), ...common }, above);
    map.addLayer({ id: "world-border", type: "line", filter: of("border"), ...common }, above);
    paintWorld(map);
  };
  map.on("moveend", look);
  look();
}

/** Applies the current theme. */
export function paintWorld(map) {
  if (!map.getSource(SOURCE)) return;
  map.setPaintProperty("world-land", "fill-color", colour("--map-paper"));
  for (const layer of ["world-coast", "world-border"]) {
    map.setPaintProperty(layer, "line-color", colour("--map-bounds"));
    map.setPaintProperty(layer, "line-width", layer === "world-coast" ? 0.8 : 0.4);
  }
}
