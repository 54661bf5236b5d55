/* global maplibregl */
import { unwrapped } from "../lib/box.js";
import { authorization, isOwn } from "../lib/session.js";
import { text } from "../lib/text.js";
import { colour } from "../lib/theme.js";
import { root } from "../lib/root.js";

const LAST_GLYPHS = 768; // first character of the last range of glyphs that is served

/**
 * Creates the map of a dataset, described by its TileJSON, at `view` or around the dataset's bounds.
 * North stays up: cells are compared by place, and the keyboard needs no way back from a tilt.
 * `isStale()` says whether tiles that the browser keeps may be older than what is served.
 */
export function createMap(container, tileJSON, view, padding, isStale) {
  const { basemap, bounds } = tileJSON.hextant;
  const map = new maplibregl.Map({
    container,
    style: basemap ?? quietStyle(),
    attributionControl: basemap ? { compact: true } : false,
    minZoom: 2,
    maxZoom: 17,
    // Without copies of the world the map would end at the antimeridian.
    renderWorldCopies: unwrapped(bounds)[2] > 180,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: {
      "Map.Title": text("map.title"),
      "NavigationControl.ZoomIn": text("map.zoomIn"),
      "NavigationControl.ZoomOut": text("map.zoomOut"),
      "CooperativeGesturesHandler.WindowsHelpText": text("map.gestures.control"),
      "CooperativeGesturesHandler.MacHelpText": text("map.gestures.command"),
      "CooperativeGesturesHandler.MobileHelpText": text("map.gestures.touch"),
    },
    transformRequest: (url, kind) => {
      if (!isOwn(url)) return { url };
      if (kind === "Glyphs") return { url: withGlyphs(url) };
      return { url, headers: authorization(), ...(isStale() && { cache: "no-cache" }) };
    },
    fadeDuration: 0,
    canvasContextAttributes: { antialias: true },
  });
  if (basemap) fallBackWithout(map);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.setPadding(padding);
  if (view) map.jumpTo({ center: [view.lng, view.lat], zoom: view.zoom });
  else showAll(map, bounds, false);
  return map;
}

/** Moves the map so that all of the dataset is in view. */
export function showAll(map, bounds, animate) {
  const [west, south, east, north] = unwrapped(bounds);
  map.fitBounds([[west, south], [east, north]], { padding: 16, animate });
}

/** If the basemap cannot be loaded, the cells must still be shown. */
function fallBackWithout(map) {
  const fallBack = () => map.setStyle(quietStyle());
  map.once("error", fallBack);
  map.once("style.load", () => map.off("error", fallBack));
}

/** The URL of glyphs, of the first ones instead of those that are not there: a letter without glyph is left out. */
function withGlyphs(url) {
  const first = Number(url.match(/\/(\d+)-\d+\.pbf$/)?.[1] ?? 0);
  return first <= LAST_GLYPHS ? url : url.replace(/\d+-\d+\.pbf$/, "0-255.pbf");
}

function quietStyle() {
  return {
    version: 8,
    // Not as a URL: the braces must stay as they are.
    glyphs: `${new URL("vendor/glyphs", root).href}/{fontstack}/{range}.pbf`,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-ground") } }],
  };
}
