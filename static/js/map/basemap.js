import { element } from "../lib/element.js";
import { language } from "../lib/text.js";
import { colour, theme } from "../lib/theme.js";
import { LABELS } from "./cells.js";

const SOURCE = "basemap";
const POLYGONS = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
const LINES = ["match", ["geometry-type"], ["LineString", "MultiLineString"], true, false];
const NOT_POINTS = ["match", ["geometry-type"], ["Point", "MultiPoint"], false, true];
const KIND = ["coalesce", ["get", "kind"], ["get", "class"], ""];
const MAJOR = ["match", KIND, ["highway", "motorway", "trunk", "major_road", "primary"], true, false];

/**
 * How layers of vector tiles are drawn, by their name in the schemas of Protomaps and OpenMapTiles: `part` is a key of
 * PARTS. Layers that are not named are lines; those in SILENT would only distract from the cells.
 */
const ROLES = {
  earth: "land", land: "land", water: "water", ocean: "water", waterway: "waterway", landuse: "green",
  landcover: "green", park: "green", natural: "green", buildings: "building", building: "building", roads: "road",
  road: "road", transportation: "road", boundaries: "border", boundary: "border", admin: "border", places: "place",
  place: "place",
};
const SILENT = [
  "pois", "poi", "housenumber", "transportation_name", "water_name", "aerodrome_label", "mountain_peak", "aeroway",
  "physical_point", "physical_line", "transit",
];

const PARTS = {
  land: { type: "fill", filter: POLYGONS, paint: () => ({ "fill-color": colour("--map-paper") }) },
  green: {
    type: "fill", filter: POLYGONS, paint: () => ({ "fill-color": colour("--map-green"), "fill-opacity": 0.5 }),
  },
  water: { type: "fill", filter: POLYGONS, paint: () => ({ "fill-color": colour("--map-water") }) },
  waterway: { type: "line", filter: LINES, paint: () => ({ "line-color": colour("--map-water"), "line-width": 1 }) },
  building: {
    type: "fill", filter: POLYGONS, minzoom: 13, paint: () => ({ "fill-color": colour("--map-graticule") }),
  },
  road: {
    type: "line", filter: LINES, paint: () => ({
      "line-color": colour("--map-road"),
      "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 6, ["case", MAJOR, 0.8, 0.1],
        12, ["case", MAJOR, 2.2, 0.7], 17, ["case", MAJOR, 12, 6]],
    }),
  },
  border: {
    type: "line", filter: NOT_POINTS,
    paint: () => ({ "line-color": colour("--map-bounds"), "line-width": 0.8, "line-dasharray": [3, 2] }),
  },
  other: {
    type: "line", filter: NOT_POINTS,
    paint: () => ({ "line-color": colour("--map-graticule"), "line-width": 0.6 }),
  },
  place: {
    type: "symbol", layout: {
      "text-field": ["coalesce", ["get", `name:${language}`], ["get", "name"], ""],
      "text-font": ["NotoSans-Regular"],
      "text-size": ["interpolate", ["linear"], ["zoom"], 4, 10, 12, 13],
      "text-max-width": 8,
      "symbol-sort-key": ["coalesce", ["get", "sort_key"], ["get", "rank"], 0],
    },
    paint: () => ({
      "text-color": colour("--ink"), "text-halo-color": colour("--map-paper"), "text-halo-width": 1.4,
    }),
  },
};

/** From below to above. */
const ORDER = ["land", "green", "water", "waterway", "building", "other", "border", "road", "place"];

/**
 * Adds the operator's tiles, described by their TileJSON, below the layer `above`, or below all that comes later but
 * cells and borders; names of places stand above cells.
 */
export function addBasemap(map, { tiles, format, minzoom, maxzoom, bounds, vector_layers: layers }, above) {
  const source = { tiles, minzoom, maxzoom, bounds: soundBounds(bounds) };
  if (format !== "pbf") {
    map.addSource(SOURCE, { type: "raster", tileSize: 256, ...source });
    map.addLayer({ id: "basemap-picture", type: "raster", source: SOURCE, paint: picturePaint() }, above);
    return;
  }
  map.addSource(SOURCE, { type: "vector", ...source });
  const parts = layers.filter(({ id }) => !SILENT.includes(id)).map(({ id }) => ({ id, part: ROLES[id] ?? "other" }));
  parts.sort((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part));
  for (const { id, part } of parts) {
    const { paint, ...rest } = PARTS[part];
    const name = part === "place" ? LABELS : `basemap-${part}-${id}`;
    if (map.getLayer(name)) continue; // one layer of names is enough
    const layer = { id: name, source: SOURCE, "source-layer": id, ...rest, paint: paint(), metadata: { part } };
    map.addLayer(layer, name === LABELS ? undefined : above);
  }
}

/** Applies the current theme. */
export function paintBasemap(map) {
  if (!map.getSource(SOURCE)) return;
  for (const id of map.getLayersOrder().filter((each) => each.startsWith("basemap-"))) {
    const { metadata, type } = map.getLayer(id);
    const paint = type === "raster" ? picturePaint() : PARTS[metadata.part].paint();
    for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
  }
}

/** Pictures have colours of their own, which must not be taken for those of cells. */
function picturePaint() {
  return { "raster-saturation": -0.7, "raster-opacity": 0.75, "raster-brightness-max": theme() === "dark" ? 0.5 : 1 };
}

/** Bounds that a map can use: those of a file may be empty, which would hide everything. */
function soundBounds([west, south, east, north]) {
  return west < east && south < north ? [west, south, east, north] : [-180, -85.0511, 180, 85.0511];
}

/** The text and the links of an attribution in HTML, and nothing else of it, as nodes. */
export function attributionNodes(html) {
  const parts = html.matchAll(/<a\s[^>]*?href\s*=\s*["']?(https?:[^"'\s>]+)[^>]*>(.*?)<\/a\s*>|<[^>]*>?|[^<]+/gis);
  return Array.from(parts, ([whole, address, name]) => {
    if (address === undefined) return plain(whole);
    return element("a", { href: plain(address), rel: "noopener", target: "_blank", text: plain(name) });
  });
}

/** HTML without its elements, and with its characters instead of their names. */
function plain(html) {
  return new DOMParser().parseFromString(html.replace(/<[^>]*>?/g, ""), "text/html").body.textContent;
}
