import { fetchCell, fetchCounts, fetchEvents, fetchHistory, getJSON } from "../../lib/api.js";
import { extent } from "../../lib/cells.js";
import { addDays } from "../../lib/days.js";
import { fetchOutlookCell } from "../../lib/outlook.js";
import { comparedPeriod, currentPeriod } from "../../lib/periods.js";

const YEAR = 364; // days: 52 whole weeks, so that each day of the week is there as often
const MOST_EVENTS = 5000;

/**
 * All that is told of a cell: `row`, its figures on the day or null, `history` by day since the first one, `kinds` of
 * the period as [name, count], `outlook` or null, `events` of the last year or null for those without the right, and
 * `geometry`, the exact outline or null for a cell that never had an event.
 */
export async function readCell(state, cell, outline, withEvents, signal) {
  const { dataset, date, first, last, outlookDays } = state;
  const [geometry, history, row] = await Promise.all([
    fetchOutline(dataset, cell, signal),
    fetchHistory({ dataset, cell, from: first, to: last }, signal),
    fetchCell(dataset, date, cell, signal),
  ]);
  const polygon = geometry ?? outline;
  if (!polygon) return { state, cell, geometry, history, row, kinds: [], outlook: null, events: null };
  const year = { dataset, from: addDays(date, 1 - YEAR), to: date };
  const hasOutlook = outlookDays.length > 0;
  const [kinds, outlook, events] = await Promise.all([
    kindsOf(state, polygon, signal),
    hasOutlook ? fetchOutlookCell(state, cell, extent(polygon).box, signal).catch(ifNotAborted) : null,
    withEvents ? fetchEvents({ ...year, polygon, limit: MOST_EVENTS }, signal).catch(ifNotAborted) : null,
  ]);
  return { state, cell, geometry, history, row, kinds, outlook, events };
}

/** The outline of a cell from its first day with events; null if it never had one. */
export async function fetchOutline(dataset, cell, signal) {
  const { features } = await getJSON(`v1/cells/${cell}`, { dataset, limit: 1, f: "geojson" }, signal);
  return features[0]?.geometry ?? null;
}

/** Rows of [kind, count now, count in the compared period], for the chosen kinds. */
async function kindsOf(state, polygon, signal) {
  const [from, to] = currentPeriod(state);
  const other = comparedPeriod(state);
  const rows = await Promise.all([[from, to], other].map((days) => (days
    ? fetchCounts({ dataset: state.dataset, from: days[0], to: days[1], polygon }, signal) : [])));
  const sums = new Map();
  rows.forEach((list, column) => {
    for (const [, kind, count] of list) {
      if (state.kinds.length > 0 && !state.kinds.includes(kind)) continue;
      if (!sums.has(kind)) sums.set(kind, [0, 0]);
      sums.get(kind)[column] += count;
    }
  });
  return [...sums].map(([kind, [now, before]]) => [kind, now, before]).sort((a, b) => b[1] - a[1]);
}

// A part that cannot be read leaves the others as they are.
function ifNotAborted(problem) {
  if (problem.name === "AbortError") throw problem;
  return null;
}
