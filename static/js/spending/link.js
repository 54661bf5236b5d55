import { isDay } from "../lib/days.js";

const WRITE_DELAY = 250; // ms; browsers refuse more than about a hundred history changes in half a minute
const LONGEST_NAME = 200; // characters of a department or vendor

/** Periods by which the trend adds up amounts. */
export const STEPS = ["month", "quarter", "fiscal_year"];

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
export function writeLink({ dataset, year, department, vendor, from, to, by }, language) {
  const parts = { dataset, year, department, vendor, from, to, by: by === "month" ? null : by, lang: language };
  const given = Object.entries(parts).filter(([, value]) => value !== null && value !== undefined);
  return `#${given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

/**
 * Keeps the page's URL up to date with the state, and calls `onLink` with what an edited URL says. Each choice is an
 * entry of the browser's history, so that "back" takes it back.
 */
export function followLink(state, onLink) {
  let timer = 0;
  const { language } = readLink(location).values;
  const link = () => location.pathname + writeLink(state.get(), language);
  const write = () => {
    if (link() !== location.pathname + location.hash) history.pushState(null, "", link());
  };
  state.on(["dataset", "year", "department", "vendor", "from", "to", "by"], () => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_DELAY);
  });
  addEventListener("popstate", () => {
    clearTimeout(timer);
    onLink(readLink(location));
  });
  history.replaceState(null, "", link());
}

const name = (key) => (value) => (value !== "" && value.length <= LONGEST_NAME ? { [key]: value } : undefined);
const day = (key) => (value) => (isDay(value) ? { [key]: value } : undefined);

const READERS = {
  dataset: name("dataset"),
  department: name("department"),
  vendor: name("vendor"),
  year: (value) => (/^(19|20|21)\d\d$/.test(value) ? { year: Number(value) } : undefined),
  from: day("from"),
  to: day("to"),
  by: (value) => (STEPS.includes(value) ? { by: value } : undefined),
  lang: (value) => ({ language: value }),
};
