import { colour } from "../lib/theme.js";
import { unwrapped } from "../lib/box.js";

const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
// Approximate number of lines across the view: enough to read distances, too few to distract from the cells.
const LINES = 8;

/**
 * Adds the plain background below the layer `above`, or on top: the dataset's bounds, and a graticule if there is no
 * basemap to show the scale.
 */
export function addGround(map, bounds, hasTiles, above) {
  map.addSource("bounds", { type: "geojson", data: rectangle(unwrapped(bounds)) });
  if (map.getLayer("ground") && !hasTiles) {
    map.addLayer({ id: "bounds-fill", type: "fill", source: "bounds", paint: { "fill-antialias": false } }, above);
    map.addSource("graticule", { type: "geojson", data: graticule(map.getBounds()) });
    map.addLayer({ id: "graticule", type: "line", source: "graticule" }, above);
    map.on("moveend", () => map.getSource("graticule").setData(graticule(map.getBounds())));
  }
  map.addLayer({
    id: "bounds-line",
    type: "line",
    source: "bounds",
    paint: { "line-width": 1.25, "line-dasharray": [4, 3] },
  }, above);
  paintGround(map);
}

/** Applies the current theme. */
export function paintGround(map) {
  const paint = {
    "ground": ["background-color", "--map-ground"],
    "bounds-fill": ["fill-color", "--map-paper"],
    "graticule": ["line-color", "--map-graticule"],
    "bounds-line": ["line-color", "--map-bounds"],
  };
  for (const [layer, [property, name]] of Object.entries(paint)) {
    if (map.getLayer(layer)) map.setPaintProperty(layer, property, colour(name));
  }
}

function rectangle([west, south, east, north]) {
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

/** Meridians and parallels over twice the view, so that dragging the map shows no edge. */
function graticule(view) {
  const width = view.getEast() - view.getWest();
  const height = view.getNorth() - view.getSouth();
  const step = STEPS.findLast((each) => width / each <= LINES) ?? STEPS[0];
  const west = view.getWest() - width / 2;
  const east = view.getEast() + width / 2;
  const south = Math.max(-85, view.getSouth() - height / 2);
  const north = Math.min(85, view.getNorth() + height / 2);
  const lines = [];
  for (let i = Math.ceil(west / step); i * step <= east; i++) lines.push([[i * step, south], [i * step, north]]);
  for (let i = Math.ceil(south / step); i * step <= north; i++) lines.push([[west, i * step], [east, i * step]]);
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}
