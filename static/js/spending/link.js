import { isDay } from "../lib/days.js";
import { readView, writeView } from "../lib/view.js";

const WRITE_DELAY = 250; // ms; browsers refuse more than about a hundred history changes in half a minute
const LONGEST_NAME = 200; // characters of a department or vendor

/** Periods by which the trend adds up amounts. */
export const STEPS = ["month", "quarter", "fiscal_year"];
/** What has places. */
export const KINDS = ["department", "vendor"];
/** What the map shows: the places as points, or areas by their total, or by that for each head or square kilometre. */
export const SHAPES = ["points", "total", "head", "km2"];

/**
 * Reads a deep link such as `#dataset=boston&year=2024&department=Fire&by=quarter`: `values` of the state that are
 * present and valid, and `unknown`, the names and values that are not. The query of the URL is read as well.
 */
export function readLink({ hash, search = "" }) {
  const query = new URLSearchParams(search.replace(/^\?/, ""));
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) query.set(name, value);
  const values = {};
  const unknown = [];
  for (const [name, value] of query) {
    const read = READERS[name]?.(value);
    if (read === undefined) unknown.push({ name, value });
    else Object.assign(values, read);
  }
  return { values, unknown };
}

/** The deep link of a state with its leading `#`; what is as usual is left out, but the dataset never. */
export function writeLink({ dataset, year, department, vendor, from, to, by, of, shape, view }, language) {
  const parts = {
    dataset, year, department, vendor, from, to, by: by === STEPS[0] ? null : by, of: of === KINDS[0] ? null : of,
    shape: shape === SHAPES[0] ? null : shape, map: view && writeView(view), lang: language,
  };
  const given = Object.entries(parts).filter(([, value]) => value !== null && value !== undefined);
  const written = given.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2F", "/")}`);
  return `#${written.join("&")}`;
}

/**
 * Keeps the page's URL up to date with the state, and calls `onLink` with what an edited URL says. Each choice is an
 * entry of the browser's history, so that "back" takes it back; moving the map is none.
 */
export function followLink(state, onLink) {
  let timer = 0;
  const { language } = readLink(location).values;
  const link = () => location.pathname + writeLink(state.get(), language);
  let isChoice = false; // whether something was chosen since the link was written
  const write = () => {
    const change = isChoice ? "pushState" : "replaceState";
    isChoice = false;
    if (link() !== location.pathname + location.hash) history[change](null, "", link());
  };
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_DELAY);
  };
  state.on(["dataset", "year", "department", "vendor", "from", "to", "by", "of", "shape"], () => {
    isChoice = true;
    writeSoon();
  });
  state.on(["view"], writeSoon);
  addEventListener("popstate", () => {
    clearTimeout(timer);
    onLink(readLink(location));
  });
  history.replaceState(null, "", link());
}

const name = (key) => (value) => (value !== "" && value.length <= LONGEST_NAME ? { [key]: value } : undefined);
const oneOf = (key, all) => (value) => (all.includes(value) ? { [key]: value } : undefined);
const day = (key) => (value) => (isDay(value) ? { [key]: value } : undefined);

const READERS = {
  dataset: name("dataset"),
  department: name("department"),
  vendor: name("vendor"),
  year: (value) => (/^(19|20|21)\d\d$/.test(value) ? { year: Number(value) } : undefined),
  from: day("from"),
  to: day("to"),
  by: oneOf("by", STEPS),
  of: oneOf("of", KINDS),
  shape: oneOf("shape", SHAPES),
  map: (value) => {
    const view = readView(value);
    return view ? { view } : undefined;
  },
  lang: (value) => ({ language: value }),
};
