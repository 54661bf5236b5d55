import { address, ask, getJSON, getRows } from "../lib/api.js";
import { Problem } from "../lib/problem.js";
import { isSignedIn } from "../lib/session.js";
import { KINDS, SHAPES } from "./link.js";

// What the page asks the server for, and the shape of the answers: nothing else in the page knows either. Amounts are
// numbers with two decimals, which a browser holds exactly up to 90 trillion. What does not exist is null. Shares are
// from 0 to 1 here and in percent in the answers.

const PATHS = {
  trend: "v1/analytics/trends/spending",
  departments: "v1/analytics/departments/insights",
  vendors: "v1/analytics/vendors/concentration",
  outliers: "v1/analytics/outliers/spending",
  places: "v1/analytics/places/spending",
  areas: "v1/analytics/areas/spending",
};
const PLACE_TILES = "v1/tiles/spending.json";
const NO_FILTER = { year: null, department: null, vendor: null, from: null, to: null };
const MOST_DATASETS = 1000;
const PAGE = 500; // items, the largest page of a list
const MOST_ITEMS = 5000; // of a list that is read as a whole
const SHOWN = 50; // of the vendors and outliers
const SHOWN_BATCHES = 10;

/** The datasets of expenditures that the reader may see, as {dataset, title, attribution, licence, licenceURL}. */
export async function fetchDatasets(signal) {
  const { items } = await getJSON("v1/datasets", { limit: MOST_DATASETS }, signal);
  return items.filter(({ holds }) => holds === "expenditures").map((each) => ({
    dataset: each.dataset, title: each.title, attribution: each.attribution ?? "", licence: each.licence ?? "",
    licenceURL: each.licence_url ?? null, currency: each.currency ?? null,
  }));
}

/**
 * The amounts by period: {points, undated}. A point is {period, total, count, change, mean}, the first one first and
 * without gaps; `undated` is {total, count} of what has no day.
 */
export async function fetchTrend(state, signal) {
  const { items, undated } = await getAll(PATHS.trend, query(state, { by: state.by }), signal);
  const points = items.map((each) => ({
    period: each.period, total: each.total, count: each.count, change: share(each.change_percent),
    mean: each.mean_12_months ?? null,
  }));
  return { points, undated };
}

/** The fiscal years of a dataset, the latest first. */
export async function fetchYears({ dataset }, signal) {
  const { items } = await getAll(PATHS.trend, { dataset, by: "fiscal_year" }, signal);
  return items.map(({ period }) => Number(period)).reverse();
}

/** The names to choose from, of the whole dataset: {departments, vendors}, where vendors are the largest. */
export async function fetchNames({ dataset }, signal) {
  const all = { ...NO_FILTER, dataset };
  const [departments, vendors] = await Promise.all([fetchDepartments(all, signal), fetchVendors(all, signal)]);
  const names = (rows) => rows.map(({ name }) => name).filter(Boolean);
  return { departments: names(departments.items).sort(), vendors: names(vendors.top) };
}

/**
 * {total, count, items} of departments, the largest first. An item is {name, total, count, mean, median, growth, share,
 * hhi, top}, where `top` is {name, share} of its largest vendor or null.
 */
export async function fetchDepartments(state, signal) {
  const found = await getAll(PATHS.departments, query(state), signal);
  const items = found.items.map((each) => ({
    name: each.department, total: each.total, count: each.count, mean: each.mean, median: each.median,
    growth: share(each.growth_percent), share: share(each.share), hhi: each.hhi,
    top: each.top_vendor === null ? null : { name: each.top_vendor, share: share(each.top_vendor_share) },
  }));
  return { total: found.total, count: found.count, items };
}

/**
 * How the spending is spread over vendors. `payments` is their number, `count` the number of vendors with a total above
 * zero, which alone have shares, `leftOut` that of the others; `lorenz` are [share of vendors, share of amounts], the
 * smallest first, and `top` the largest as {name, total, share, count}.
 */
export async function fetchVendors(state, signal) {
  const found = await getJSON(PATHS.vendors, query(state, { limit: SHOWN }), signal);
  return {
    payments: found.count, count: found.vendors, leftOut: found.left_out.vendors, hhi: found.hhi,
    cr4: share(found.cr4), cr10: share(found.cr10), gini: found.gini,
    lorenz: found.lorenz.map(({ vendors, amount }) => [share(vendors), share(amount)]),
    top: found.items.map((each) => ({
      name: each.vendor, total: each.total, share: share(each.share), count: each.count,
    })),
  };
}

/** Payments that are unusual in their department and account, their number, and the test of first digits. */
export async function fetchOutliers(state, signal) {
  const { items, outliers, first_digits: digits } = await getJSON(
    PATHS.outliers, query(state, { limit: SHOWN }), signal);
  return {
    count: outliers,
    items: items.map((each) => ({
      id: each.id, vendor: each.vendor, entered: each.entered, department: each.department,
      account: each.account_description ?? each.account, amount: each.amount, z: each.z, usual: each.usual,
      compared: each.compared,
    })),
    digits: {
      count: digits.amounts, p: digits.p, conformity: digits.conformity,
      rows: digits.digits.map(({ digit, share: observed, expected }) => [digit, observed, expected]),
    },
  };
}

/**
 * What was spent where. `rows` are the places, the largest total first, or the areas that `shape` asks for, and null
 * where neither departments nor vendors have a place: {key or id, name, total, count} and of areas {head, km2}, amounts
 * for each head and square kilometre. `of` is what has the places, and `places` how many departments and vendors have
 * one; `layer` is the dataset's layer of areas or null, `unplaced` and `outside` (of all areas, or null) are {total,
 * count}. Totals are texts, exact to the cent.
 */
export async function fetchPlaces(state, signal) {
  const describe = (of) => getJSON(PLACE_TILES, query(state, { of }), signal);
  const { dataset, of: wanted } = state;
  let tileJSON = await describe(wanted);
  const { places, areas: layer } = tileJSON.hextant;
  const of = places[wanted] > 0 ? wanted : KINDS.find((each) => places[each] > 0);
  if (of === undefined) return { dataset, places, layer, rows: null };
  if (of !== wanted) tileJSON = await describe(of);
  const shape = layer === null ? SHAPES[0] : state.shape;
  const isPoints = shape === SHAPES[0];
  const path = isPoints ? PATHS.places : PATHS.areas;
  const asked = query(state, { of, layer: isPoints ? null : layer });
  const [summary, lines, basemap] = await Promise.all([
    getExact(path, { ...asked, limit: 1 }, signal), getRows(path, { ...asked, f: "csv" }, undefined, signal),
    fetchBasemap(tileJSON.hextant.basemap_tiles),
  ]);
  const rows = lines.map(isPoints ? placeRow : areaRow);
  if (!isPoints) rows.sort((a, b) => Number(b.total) - Number(a.total));
  return {
    dataset, places, layer, of, shape, rows, tileJSON, basemap,
    byKey: new Map(rows.map((row) => [row.key ?? row.id, row])),
    total: summary.total, count: summary.count, unplaced: summary.unplaced, outside: summary.outside ?? null,
  };
}

const placeRow = ([key, name, , , total, count]) => ({ key, name, total, count: Number(count) });
const areaRow = ([id, name, , , , total, count, head, km2]) => ({
  id, name, total, count: Number(count), head: head || null, km2: km2 || null,
});

let basemapTiles; // the promise of the description of the operator's own tiles, or of null

function fetchBasemap(url) {
  return url ? (basemapTiles ??= getJSON("basemap/tiles.json", {}).catch(() => null)) : null;
}

/** An answer whose totals stay texts, digit by digit. Within a text of JSON a quote has a backslash before it. */
async function getExact(path, parameters, signal) {
  const content = await (await ask(address(path, parameters), { signal })).text();
  return JSON.parse(content.replace(/"total":\s*(-?\d+\.\d\d)(?=\s*[,}])/g, '"total":"$1"'));
}

/** The URL of an answer as CSV: all of it. `found` is what `fetchPlaces` gave. */
export function csvAddress(name, state, found) {
  if (name === "trend") return address(PATHS.trend, query(state, { by: state.by, f: "csv" }));
  if (name !== "places") return address(PATHS[name], query(state, { f: "csv" }));
  const { of, shape, layer } = found;
  if (shape === SHAPES[0]) return address(PATHS.places, query(state, { of, f: "csv" }));
  return address(PATHS.areas, query(state, { of, layer, f: "csv" }));
}

/** The active models, each null where there is none: {clusters, types}. */
export async function fetchModels({ dataset }, signal) {
  const { kinds } = await getJSON("v1/ml/models/status", { dataset }, signal);
  const active = (wanted) => kinds.find(({ kind }) => kind === wanted)?.active ?? null;
  const [listed, types] = [active("clustering"), active("classification")];
  // Who is in which cluster is told of a single model alone.
  const clusters = listed && (await getJSON(`v1/ml/models/${listed.id}`, {}, signal));
  return { clusters: clusters && clusterModel(clusters), types: types && typeModel(types) };
}

function model(found) {
  const window = (from, to) => (from ? { from, to } : null);
  return {
    version: String(found.id), trained: found.trained_at, learned: window(found.from, found.to),
    tested: window(found.test_from, found.test_to), rows: found.payments, features: found.features,
    library: found.library,
    drift: found.drift && { index: found.drift.index, day: found.drift.measured_at.slice(0, 10) },
  };
}

function clusterModel(found) {
  const { clusters, members, silhouette, inertia } = found.metrics;
  return {
    ...model(found), threshold: null, calibration: [],
    measures: [{ name: "silhouette", value: silhouette, rivals: {} }, { name: "inertia", value: inertia, rivals: {} }],
    clusters: clusters.map(({ number, differences }) => ({
      members: members.filter(({ cluster }) => cluster === number).map(({ department }) => department),
      differences: differences.map(({ feature, deviations }) => ({ feature, value: deviations })),
    })),
  };
}

function typeModel(found) {
  const { metrics } = found;
  // To always give the same answer ranks nothing: half of all pairs, and half of both kinds, are right by chance.
  const majority = {
    accuracy: metrics.majority_accuracy, balanced_accuracy: 0.5, roc_auc: 0.5, brier: metrics.majority_brier,
  };
  return {
    ...model(found), threshold: found.parameters.threshold,
    measures: Object.keys(majority).map((name) => ({
      name, value: metrics[name], rivals: { majority: majority[name] },
    })),
    calibration: metrics.calibration.map(({ stated, observed, payments, below }) => ({
      said: stated ?? below - 0.05, seen: observed ?? null, count: payments,
    })),
  };
}

/**
 * What has come in: {rows, total, first, newest, lastIngest, isRunning, open, batches, feeds}; `open` is the number of
 * rejected records that nobody has mended; the newest batches first. Only analysts may see it, so who has not signed
 * in is refused without asking.
 */
export async function fetchIngestion({ dataset }, signal) {
  if (!isSignedIn()) throw new Problem(401, "");
  const [status, { items }] = await Promise.all([
    getJSON("v1/data/status/ingestion", { dataset }, signal),
    getJSON("v1/ingest/batches", { dataset, limit: SHOWN_BATCHES }, signal),
  ]);
  return {
    rows: status.expenditures, total: status.total, first: status.first_entered, newest: status.last_entered,
    lastIngest: status.batches.last_finished, isRunning: status.batches.running !== null,
    open: status.batches.dead_letters_open,
    batches: items.map(({ source, state, finished_at: finished, accepted, duplicate, rejected }) => ({
      file: source.split("/").at(-1), state, finished, accepted, duplicate, rejected,
    })),
    feeds: status.feeds.map(({ name, last_success: lastSuccess, next_run: next, last_run: run }) => ({
      name, lastSuccess, next, hasFailed: run !== null && (run.state === "failed" || run.failures.length > 0),
    })),
  };
}

/** All items of a list, page by page, in the answer of its first page. */
async function getAll(path, parameters, signal) {
  const first = await getJSON(path, { ...parameters, limit: PAGE }, signal);
  let { next } = first;
  while (next && first.items.length < MOST_ITEMS) {
    const page = await getJSON(next, {}, signal);
    first.items.push(...page.items);
    next = page.next;
  }
  return first;
}

const share = (percent) => (typeof percent === "number" ? percent / 100 : null);

function query({ dataset, year, department, vendor, from, to }, more = {}) {
  return { dataset, fiscal_year: year, department, vendor, from, to, ...more };
}
