import { getJSON } from "./api.js";
import { extent } from "./cells.js";
import { coordinates } from "./format.js";

const MOST_KNOWN = 500;
const HALF = 1e-5; // degrees; half of the box around a point, about a metre

/**
 * The name of the place of an outline (GeoJSON): `name` if the server has told one, else that of its area in `layer`,
 * the dataset's layer of areas, else its coordinates. Names that were asked for are kept.
 */
export function createPlaces(layer) {
  const known = new Map();

  return async (geometry, name) => {
    const { middle } = extent(geometry);
    if (name || !layer) return name || coordinates(middle);
    const key = middle.map((each) => each.toFixed(5)).join();
    if (!known.has(key)) {
      if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value);
      known.set(key, nameAt(layer, middle).catch(() => null));
    }
    return (await known.get(key)) ?? coordinates(middle);
  };
}

/** The name of the area at a point, or null: a list of one, since a single area that is not there would be an error. */
async function nameAt(layer, [lng, lat]) {
  const west = ((lng - HALF + 540) % 360) - 180;
  const bbox = [west, lat - HALF, west + 2 * HALF, lat + HALF].map((each) => each.toFixed(6)).join(",");
  const { items } = await getJSON(`v1/areas/${layer}`, { bbox, fields: "name", limit: 1, f: "json" });
  return items[0]?.name ?? null;
}
