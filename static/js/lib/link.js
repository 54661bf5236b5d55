import { isCell } from "./cells.js";
import { CLASSES, COMPARISONS, LAYERS, LEVELS, MEASURES, PERIODS } from "./choices.js";
import { isDay } from "./days.js";

const WRITE_DELAY = 250; // ms; browsers refuse more than about a hundred history changes in half a minute
const LONGEST_KINDS = 50;
const LONGEST_ID = 500;

/**
 * Reads a deep link: `#dataset=toronto&layer=risk&date=2021-07-01&map=11.5/43.65/-79.38&levels=high,critical&res=8`.
 * Returns `values`, the keys of the state that are present and valid, and `unknown`, the names and values that are not:
 * what is said of them is up to the page. The query of the URL is read as well, since the API has its dataset there.
 */
export function readLink({ hash, search = "" }) {
  const query = new URLSearchParams(search.replace(/^\?/, ""));
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) query.set(name, value);
  const values = {};
  const unknown = [];
  const refuse = (name, value) => unknown.push({ name, value });
  for (const [name, value] of query) {
    const reader = READERS[name];
    if (!reader) refuse(name, value);
    else reader(value, values, refuse);
  }
  return { values, unknown };
}

/** The deep link of a state with its leading `#`; what is as usual is left out, but the day and the layer never. */
export function writeLink(state, language) {
  const { dataset, layer, side, date, view, levels, classes, resolution } = state;
  const { period, compare, kinds, anomalies, measure, cell, area } = state;
  const parts = [`dataset=${encodeURIComponent(dataset)}`, `layer=${layer}`, `date=${date}`];
  if (layer === "areas") parts.push(`measure=${measure}`);
  if (period !== 28) parts.push(`period=${period}`);
  if (compare !== "before") parts.push(`compare=${compare}`);
  if (kinds.length > 0) parts.push(`kinds=${kinds.map(encodeTwice).join(",")}`);
  if (view) parts.push(`map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lng.toFixed(5)}`);
  if (levels.length < LEVELS.length) parts.push(`levels=${levels.join(",")}`);
  if (classes.length < CLASSES.length) parts.push(`classes=${classes.join(",")}`);
  if (resolution !== null) parts.push(`res=${resolution}`);
  if (anomalies) parts.push("unusual=1");
  if (side && layer === "difference") parts.push("side=1");
  if (cell) parts.push(`cell=${cell}`);
  if (area !== null) parts.push(`area=${encodeURIComponent(area)}`);
  if (language) parts.push(`lang=${language}`);
  return `#${parts.join("&")}`;
}

/**
 * Keeps the page's URL up to date with the state, from the first moment on, and the state with an edited URL: `onLink`
 * gets what it says and returns whether the page goes on with it. Then the URL says what is shown again.
 */
export function followLink(state, onLink) {
  let timer = 0;
  const language = readLink(location).values.language;
  const write = () => history.replaceState(null, "", location.pathname + writeLink(state.get(), language));
  const keys = [
    "layer", "side", "date", "view", "levels", "classes", "resolution", "period", "compare", "kinds", "anomalies",
    "measure", "cell", "area",
  ];
  state.on(keys, () => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_DELAY);
  });
  addEventListener("hashchange", () => {
    clearTimeout(timer);
    if (onLink(readLink(location))) timer = setTimeout(write, WRITE_DELAY);
  });
  write();
}

const listOf = (key, all) => (value, values, refuse) => {
  const wanted = value.split(",").filter((each) => each !== "");
  const known = all.filter((each) => wanted.includes(each));
  const others = wanted.filter((each) => !all.includes(each));
  others.forEach((each) => refuse(key, each));
  // A list of unknown names alone is passed over: it cannot mean "nothing".
  if (known.length > 0 || others.length === 0) values[key] = known;
};

const oneOf = (key, all) => (value, values, refuse) => {
  if (all.includes(value)) values[key] = value;
  else refuse(key, value);
};

const whole = (key, name, isGood) => (value, values, refuse) => {
  const number = Number(value || NaN);
  if (Number.isInteger(number) && isGood(number)) values[key] = number;
  else refuse(name, value);
};

const period = whole("period", "period", (number) => PERIODS.includes(number));

const READERS = {
  dataset: (value, values) => {
    if (value) values.dataset = value;
  },
  date: (value, values, refuse) => {
    if (isDay(value)) values.date = value;
    else refuse("date", value);
  },
  map: (value, values, refuse) => {
    const view = readView(value);
    if (view) values.view = view;
    else refuse("map", value);
  },
  layer: oneOf("layer", LAYERS),
  measure: oneOf("measure", MEASURES),
  compare: oneOf("compare", COMPARISONS),
  levels: listOf("levels", LEVELS),
  classes: listOf("classes", CLASSES),
  kinds: (value, values) => {
    values.kinds = value.split(",").filter((each) => each !== "").slice(0, LONGEST_KINDS).map(decodeName);
  },
  res: (value, values, refuse) => {
    if (value === "zoom") values.resolution = value;
    else whole("resolution", "res", (number) => number >= 0 && number <= 15)(value, values, refuse);
  },
  period,
  span: period, // its name in links of former versions
  unusual: (value, values) => { values.anomalies = value === "1"; },
  cell: (value, values, refuse) => {
    if (isCell(value)) values.cell = value;
    else refuse("cell", value);
  },
  area: (value, values, refuse) => {
    if (value !== "" && value.length <= LONGEST_ID) values.area = value;
    else refuse("area", value.slice(0, LONGEST_ID));
  },
  side: (value, values) => { values.side = value === "1"; },
  lang: (value, values) => { values.language = value; },
  theme: () => {}, // read by lib/theme.js before anything is drawn
};

/** A name in a list is encoded twice, so that a comma in it separates nothing. */
function encodeTwice(name) {
  return encodeURIComponent(encodeURIComponent(name));
}

function decodeName(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function readView(text) {
  const numbers = text.split("/").map((part) => (part === "" ? NaN : Number(part)));
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  const [zoom, lat, lng] = numbers;
  return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 22 ? { zoom, lat, lng } : null;
}
