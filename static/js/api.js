import { explain, Problem } from "./problem.js";
import { authorization } from "./session.js";

/** TileJSON 3.0 with the `hextant` object; the server's default dataset when `dataset` is undefined. */
export function fetchDataset(dataset) {
  return getJSON("v1/tiles.json", { dataset });
}

/** The risk row of one cell on one day, or null when the cell had no event that day. */
export async function fetchCell(dataset, date, cell, signal) {
  const query = { dataset, resolution: resolutionOf(cell), cell, limit: 1 };
  const page = await getJSON(`v1/risk/${date}`, query, signal);
  return page.items[0] ?? null;
}

/** GeoJSON FeatureCollection of the top cells of a period, both ends included. */
export function fetchHotspots({ dataset, start, end, resolution, limit }, signal) {
  return getJSON("v1/hotspots", { dataset, start_date: start, end_date: end, resolution, limit }, signal);
}

/** H3 keeps the resolution in bits 52 to 55: the second of the fifteen hexadecimal digits. */
export function resolutionOf(cell) {
  return Number.parseInt(cell[1], 16);
}

async function getJSON(path, parameters, signal) {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, value);
  }
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: "application/json", ...authorization() } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The server cannot be reached.");
  }
  if (!response.ok) throw new Problem(response.status, await explain(response));
  return response.json();
}
