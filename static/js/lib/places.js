import { extent } from "./cells.js";
import { coordinates } from "./format.js";

/**
 * The name of the place of an outline (GeoJSON): that of its area, by `areaAt(middle)`, or its coordinates. What it
 * was asked for before, it knows.
 */
export function createPlaces(areaAt) {
  const known = new Map();

  return async (geometry) => {
    const { middle } = extent(geometry);
    const key = middle.map((each) => each.toFixed(5)).join();
    if (!known.has(key)) {
      if (known.size >= 500) known.delete(known.keys().next().value);
      known.set(key, areaAt(middle).catch(() => null));
    }
    return (await known.get(key)) ?? coordinates(middle);
  };
}
