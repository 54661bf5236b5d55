import { address, getJSON } from "../lib/api.js";

// What the page asks the server for, and the shape of the answers: nothing else in the page knows either. Amounts stay
// the decimals of the answer; a number that does not exist is null.

const PATHS = {
  trend: "v1/analytics/trends/spending",
  departments: "v1/analytics/departments/insights",
  vendors: "v1/analytics/vendors/concentration",
  outliers: "v1/analytics/outliers/spending",
};
const MOST_DATASETS = 1000;
const NO_FILTER = { year: null, department: null, vendor: null, from: null, to: null };

/** The datasets of expenditures that the reader may see, as {dataset, title, attribution, licence, licenceURL}. */
export async function fetchDatasets(signal) {
  const { items } = await getJSON("v1/datasets", { limit: MOST_DATASETS }, signal);
  return items.filter(({ holds }) => holds === "expenditures").map((each) => ({
    dataset: each.dataset, title: each.title, attribution: each.attribution ?? "", licence: each.licence ?? "",
    licenceURL: each.licence_url ?? null, currency: each.currency ?? null,
  }));
}

/** The amounts by period, the first one first: {period, total, count, change, mean}. */
export async function fetchTrend(state, signal) {
  const { items } = await getJSON(PATHS.trend, query(state, { by: state.by }), signal);
  return items.map((each) => ({
    period: String(each.period), total: each.total, count: each.count, change: each.change ?? null,
    mean: each.mean_12 ?? null,
  }));
}

/** The fiscal years of a dataset, the latest first. */
export async function fetchYears({ dataset }, signal) {
  const { items } = await getJSON(PATHS.trend, { dataset, by: "fiscal_year" }, signal);
  return items.map((each) => Number(each.period)).filter(Number.isInteger).reverse();
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
 * hhi, top}, where `top` are {name, share} of its largest vendors.
 */
export async function fetchDepartments(state, signal) {
  const found = await getJSON(PATHS.departments, query(state), signal);
  const items = found.items.map((each) => ({
    name: each.department, total: each.total, count: each.count, mean: each.mean, median: each.median,
    growth: each.growth ?? null, share: each.share ?? null, hhi: each.hhi ?? null,
    top: (each.top_vendors ?? []).map(({ vendor, share }) => ({ name: vendor, share: share ?? null })),
  }));
  return { total: found.total, count: found.count, items };
}

/** How the spending is spread over vendors. `lorenz` are [share of vendors, share of amounts], the smallest first. */
export async function fetchVendors(state, signal) {
  const found = await getJSON(PATHS.vendors, query(state), signal);
  return {
    count: found.vendors, total: found.total, hhi: found.hhi ?? null, cr4: found.cr4 ?? null, cr10: found.cr10 ?? null,
    gini: found.gini ?? null, lorenz: found.lorenz ?? [],
    top: (found.top ?? []).map(({ vendor, total, share, count }) => ({
      name: vendor, total, share: share ?? null, count,
    })),
  };
}

/** Payments that are unusual in their department and account, and the test of first digits. */
export async function fetchOutliers(state, signal) {
  const { items, count, benford } = await getJSON(PATHS.outliers, query(state), signal);
  return {
    count, items: items.map((each) => ({
      id: each.id, vendor: each.vendor, entered: each.entered, department: each.department, account: each.account,
      amount: each.amount, z: each.z, usual: each.median ?? null, group: each.group_size ?? null,
    })),
    digits: benford && {
      count: benford.count, p: benford.p, deviation: benford.mad,
      rows: benford.digits.map(({ digit, observed, expected }) => [digit, observed, expected]),
    },
  };
}

/** The URL of an answer as CSV. */
export function csvAddress(name, state) {
  return address(PATHS[name], query(state, name === "trend" ? { by: state.by, f: "csv" } : { f: "csv" }));
}

/** The active models, each null where there is none: {clusters, types}. */
export async function fetchModels({ dataset }, signal) {
  const { items } = await getJSON("v1/ml/models/status", { dataset }, signal);
  const active = (kind) => items.find((each) => each.kind === kind && each.state === "active");
  return { clusters: model(active("clustering")), types: model(active("classification")) };
}

function model(found) {
  if (!found) return null;
  const { metrics, window, parameters } = found;
  const numbers = Object.entries(metrics).filter(([, value]) => typeof value === "number");
  return {
    version: String(found.version), trained: found.trained_at, from: window?.from ?? null, to: window?.to ?? null,
    rows: found.rows ?? null, features: found.features ?? [], threshold: parameters?.threshold ?? null,
    measures: numbers.map(([name, value]) => ({
      name, value, rivals: metrics.majority ? { majority: metrics.majority[name] } : {},
    })),
    calibration: (metrics.calibration ?? []).map(({ mean: said, observed: seen, count }) => ({ said, seen, count })),
    clusters: metrics.clusters ?? [], drift: found.drift ?? null,
  };
}

/** What has come in: {rows, newest, lastIngest, batches, feeds}, batches with the newest first. */
export async function fetchIngestion({ dataset }, signal) {
  const found = await getJSON("v1/data/status/ingestion", { dataset }, signal);
  return {
    rows: found.rows, newest: found.newest ?? null, lastIngest: found.last_ingest ?? null,
    batches: found.batches.map(({ file, state, finished_at: finished, accepted, duplicate, rejected }) => ({
      file, state, finished, accepted, duplicate, rejected,
    })),
    feeds: (found.feeds ?? []).map(({ name, last_success: lastSuccess, next_run: next, state }) => ({
      name, lastSuccess, next, state,
    })),
  };
}

function query({ dataset, year, department, vendor, from, to }, more = {}) {
  return { dataset, fiscal_year: year, department, vendor, from, to, ...more };
}
