import { authorization, isOwn } from "../lib/session.js";
import { near, unwrapped } from "../lib/box.js";

/**
 * Requests the tiles of the current view from another template, so that the browser's cache has them when the map
 * needs them. `address` is a template with {z}, {x} and {y}. Failures are ignored; the map requests the tiles again.
 */
export function prefetch(map, address, { minzoom, maxzoom, bounds }) {
  for (const { z, x, y } of tilesOfView(map, minzoom, maxzoom, bounds)) {
    const tile = address.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    fetch(tile, isOwn(tile) ? { headers: authorization() } : {}).catch(() => {});
  }
}

function tilesOfView(map, minzoom, maxzoom, bounds) {
  const [west, south, east, north] = unwrapped(bounds);
  const view = map.getBounds();
  const z = Math.min(maxzoom, Math.max(minzoom, Math.floor(map.getZoom())));
  // The view may be in another copy of the world than the bounds.
  const middle = (view.getWest() + view.getEast()) / 2;
  const turn = near(middle, (west + east) / 2) - middle;
  const left = column(Math.max(west, view.getWest() + turn), z);
  const right = column(Math.min(east, view.getEast() + turn), z);
  const top = row(Math.min(north, view.getNorth()), z);
  const bottom = row(Math.max(south, view.getSouth()), z);
  const tiles = [];
  for (let x = left; x <= right; x++) {
    for (let y = top; y <= bottom; y++) tiles.push({ z, x: x % 2 ** z, y });
  }
  return tiles;
}

/** Column of a longitude in degrees in the XYZ scheme. */
function column(longitude, z) {
  return Math.floor(((longitude + 180) / 360) * 2 ** z);
}

/** Row of a latitude in degrees in the XYZ scheme (spherical Mercator). */
function row(latitude, z) {
  const radians = (latitude * Math.PI) / 180;
  return Math.floor(((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * 2 ** z);
}
