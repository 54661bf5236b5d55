/* global maplibregl */
import { authorization, isOwn } from "../session.js";
import { colour } from "../theme.js";
import { unwrapped } from "./box.js";

const LABELS = {
  "Map.Title":
    "Map of risk cells. Arrow keys move it, plus and minus zoom, Enter shows the figures of the cell in the middle.",
  "NavigationControl.ZoomIn": "Zoom in",
  "NavigationControl.ZoomOut": "Zoom out",
  "Popup.Close": "Close",
};

/**
 * Creates the map of a dataset, described by its TileJSON, at `view` or around the dataset's bounds.
 * North stays up: cells are compared by place, and the keyboard needs no way back from a tilt.
 */
export function createMap(container, tileJSON, view, padding) {
  const { basemap } = tileJSON.hextant;
  const [west, south, east, north] = unwrapped(tileJSON.hextant.bounds);
  const map = new maplibregl.Map({
    container,
    style: basemap ?? quietStyle(),
    attributionControl: basemap ? { compact: true } : false,
    minZoom: 2,
    maxZoom: 17,
    // Without copies of the world the map would end at the antimeridian.
    renderWorldCopies: east > 180,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: LABELS,
    transformRequest: (url) => (isOwn(url) ? { url, headers: authorization() } : { url }),
    fadeDuration: 0,
    canvasContextAttributes: { antialias: true },
  });
  if (basemap) fallBackWithout(map);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.setPadding(padding);
  if (view) map.jumpTo({ center: [view.lng, view.lat], zoom: view.zoom });
  else map.fitBounds([[west, south], [east, north]], { padding: 24, animate: false });

  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-right");
  return map;
}

/** If the basemap cannot be loaded, the cells must still be shown. */
function fallBackWithout(map) {
  const fallBack = () => map.setStyle(quietStyle());
  map.once("error", fallBack);
  map.once("style.load", () => map.off("error", fallBack));
}

function quietStyle() {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-ground") } }],
  };
}
