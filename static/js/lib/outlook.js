import { address, ask, getJSON, parseCSV } from "./api.js";
import { resolutionOf } from "./cells.js";

const MOST_CELLS = 50_000;
const FIELDS = ["h3_index", "class", "events", "events_before", "trend", "change_percent", "horizon", "expected"];

/** Whether a dataset has an outlook: it may be scored without one. */
export function hasOutlook({ outlookDays }) {
  return outlookDays.length > 0;
}

/** The day of the outlook that is shown: the newest up to the state's date, or the oldest there is. */
export function outlookDay({ date, outlookDays }) {
  return outlookDays.find((day) => day <= date) ?? outlookDays.at(-1);
}

/** The group of event types that is the state's choice of kinds: "all", a name, or null where no group is the same. */
export function groupOfKinds({ kinds, groups }) {
  if (kinds.length === 0) return "all";
  const same = (types) => types.length === kinds.length && types.every((type) => kinds.includes(type));
  return Object.keys(groups).find((name) => same(groups[name])) ?? null;
}

/** The query of tiles and lists of the outlook that the state asks for. Kinds that are no group are left out. */
export function outlookQuery(state) {
  return {
    as_of: outlookDay(state),
    period: String(state.period),
    kind: groupOfKinds(state) ?? "all",
    resolution: String(outlookResolution(state)),
  };
}

/** One resolution at every zoom: a class belongs to a size of cell, so it would change while one zooms. */
export function outlookResolution({ resolution, overview }) {
  return typeof resolution === "number" ? resolution : overview;
}

/** The resolution of the risk of a day; null where the server chooses it by zoom. */
export function riskResolution({ resolution, overview }) {
  return resolution === "zoom" ? null : (resolution ?? overview);
}

/**
 * The cells of the outlook that the state asks for, those with the most expected events first, and whether there are
 * more than are read. The last answer is kept, since several parts of the page ask for the same.
 */
export function fetchOutlook(state) {
  const query = { dataset: state.dataset, ...outlookQuery(state) };
  const key = JSON.stringify([query, state.generation]);
  if (kept?.key !== key) {
    const answer = readOutlook(query);
    kept = { key, answer };
    // A request that failed is made again.
    answer.catch(() => { if (kept?.answer === answer) kept = null; });
  }
  return kept.answer;
}

let kept = null;

async function readOutlook(query) {
  const wanted = { sort: "expected", fields: FIELDS.join(","), limit: MOST_CELLS, f: "csv" };
  const url = address("v1/outlook", { ...query, ...wanted });
  const [head, ...rows] = parseCSV(await (await ask(url)).text());
  const at = Object.fromEntries(head.map((name, index) => [name, index]));
  const cells = rows.map((row) => ({
    cell: row[at.h3_index],
    class: row[at.class],
    events: Number(row[at.events]),
    before: Number(row[at.events_before]),
    trend: row[at.trend],
    horizon: Number(row[at.horizon]),
    expected: Number(row[at.expected]),
  }));
  return { cells, more: cells.length === MOST_CELLS };
}

/** GeoJSON of the cells of the outlook by a figure, the largest first. */
export function fetchOutlookCells(state, { sort, classes, trend, limit }, signal) {
  const query = { dataset: state.dataset, ...outlookQuery(state), sort, class: classes, trend, limit, f: "geojson" };
  return getJSON("v1/outlook", query, signal);
}

/** The outlook of one cell inside a box [[west, south], [east, north]], or null. */
export async function fetchOutlookCell(state, cell, box, signal) {
  const bbox = box.flat().map((each) => each.toFixed(6)).join(",");
  const query = { dataset: state.dataset, ...outlookQuery(state), resolution: resolutionOf(cell), bbox, limit: 100 };
  const { items } = await getJSON("v1/outlook", { ...query, f: "json" }, signal);
  return items.find((each) => each.h3_index === cell) ?? null;
}

/** Shares of the cells below each step: most of them have few events, so about half are in the first. */
const SHARES = [0.5, 0.75, 0.9, 0.97];

/** The least values of the steps of a colour scale from the second on, below which are `shares` of those above 0. */
export function breaksOf(values, isWhole, shares = SHARES) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const rounded = shares.map(at).filter((value) => value !== undefined)
    .map((value) => (isWhole ? Math.ceil(value) : Number(value.toPrecision(2))));
  const least = isWhole ? 1 : 0;
  return [...new Set(rounded)].filter((value) => value > least);
}
