import { resolutionOf } from "./cells.js";
import { explain, Problem } from "./problem.js";
import { authorization } from "./session.js";
import { text } from "./text.js";
import { root } from "./root.js";

const MOST_ROWS = 400_000; // of a list that is read as a whole

/**
 * TileJSON 3.0 with the `hextant` object; the server's default dataset when `dataset` is undefined. `sent` is the
 * answer of that request where it was sent before.
 */
export function fetchDataset(dataset, signal, sent) {
  return getJSON("v1/tiles.json", { dataset }, signal, sent);
}

/** The datasets that the reader may see, at most a thousand, and whether there are more. */
export async function fetchDatasets(signal) {
  const { items, next } = await getJSON("v1/datasets", { limit: 1000 }, signal);
  return { items, more: next !== null };
}

/** The types of a dataset's events, the most frequent first. */
export async function fetchKinds(dataset, signal) {
  const { items } = await getJSON("v1/event-types", { dataset, limit: 1000 }, signal);
  return items.sort((a, b) => b.event_count - a.event_count).map((each) => each.event_type);
}

/** The number of events as rows of [day, type, count]; inside `polygon`, a GeoJSON geometry, if there is one. */
export async function fetchCounts({ dataset, from, to, polygon }, signal) {
  const fields = "day,event_type,event_count";
  const rows = await getRows("v1/stats", { dataset, from, to, fields, limit: MOST_ROWS, f: "csv" }, polygon, signal);
  return rows.map(([day, type, count]) => [day, type, Number(count)]);
}

/** The risk row of one cell on one day, or null when the cell had no event that day. */
export async function fetchCell(dataset, date, cell, signal) {
  const query = { dataset, resolution: resolutionOf(cell), cell, limit: 1 };
  const page = await getJSON(`v1/risk/${date}`, query, signal);
  return page.items[0] ?? null;
}

/** The history of a cell as rows of [day, events, score, level], one for each day with events. */
export async function fetchHistory({ dataset, cell, from, to }, signal) {
  const query = { dataset, from, to, fields: "day,event_count,risk_score,risk_level", limit: 20_000, f: "csv" };
  const rows = await getRows(`v1/cells/${cell}`, query, undefined, signal);
  return rows.map(([day, count, score, level]) => [day, Number(count), Number(score), level]);
}

/** GeoJSON FeatureCollection of the top cells of a period, both ends included. */
export function fetchTopCells({ dataset, from, to, resolution, levels, limit }, signal) {
  return getJSON("v1/hotspots", { dataset, from, to, resolution, level: levels?.join(","), limit }, signal);
}

/** Events inside a polygon, for those with the right: instants and types, at most `limit`. */
export async function fetchEvents({ dataset, from, to, polygon, limit }, signal) {
  const query = { dataset, from, to, fields: "event_timestamp,event_type", limit, f: "csv" };
  return getRows("v1/events", query, polygon, signal);
}

/** The URL of a route of this server with a query; values that are null or undefined are left out. */
export function address(path, parameters) {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
  }
  return url;
}

export async function getJSON(path, parameters, signal, sent) {
  return (await ask(address(path, parameters), { signal, sent })).json();
}

/** The rows of a list in CSV without its header, each a list of strings. */
export async function getRows(path, parameters, polygon, signal) {
  const body = polygon && {
    method: "POST", body: JSON.stringify(polygon), headers: { "Content-Type": "application/geo+json" },
  };
  const answer = await ask(address(path, parameters), { signal, ...body });
  return parseCSV(await answer.text()).slice(1);
}

/** An answer of this server, that to `sent` if it was asked before. Throws a Problem, in the server's words if any. */
export async function ask(url, { headers, sent, ...options } = {}) {
  let response;
  try {
    response = await (sent ?? fetch(url, {
      ...options, headers: { Accept: "application/json, */*;q=0.5", ...headers, ...authorization() },
    }));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, text("server.away"));
  }
  if (!response.ok) throw new Problem(response.status, await explain(response));
  return response;
}

/** RFC 4180: fields may be quoted, and then contain commas, line breaks and doubled quotes. */
export function parseCSV(content) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of content.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}
