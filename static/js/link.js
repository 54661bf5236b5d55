import { LEVELS } from "./levels.js";
import { isDay } from "./days.js";

const WRITE_DELAY = 250; // ms; browsers refuse more than about a hundred history changes in half a minute

/**
 * Reads a deep link: `#dataset=toronto&date=2021-07-01&map=11.5/43.65/-79.38&levels=high,critical&res=8`.
 * Returns only the keys of the state that are present and valid; the rest keep their defaults.
 */
export function readLink(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const state = {};
  if (query.get("dataset")) state.dataset = query.get("dataset");
  if (isDay(query.get("date"))) state.date = query.get("date");
  const view = readView(query.get("map"));
  if (view) state.view = view;
  if (query.has("levels")) {
    const wanted = query.get("levels").split(",");
    state.levels = LEVELS.filter((level) => wanted.includes(level));
  }
  const resolution = Number(query.get("res") || NaN);
  if (Number.isInteger(resolution)) state.resolution = resolution;
  const span = Number(query.get("span") || NaN);
  if (Number.isInteger(span) && span > 0) state.span = span;
  if (query.has("unusual")) state.anomalies = query.get("unusual") === "1";
  return state;
}

/** The deep link of a state with its leading `#`, without defaults. */
export function writeLink({ dataset, date, view, levels, resolution, span, anomalies }) {
  const parts = [`dataset=${encodeURIComponent(dataset)}`, `date=${date}`];
  if (view) parts.push(`map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lng.toFixed(5)}`);
  if (levels.length < LEVELS.length) parts.push(`levels=${levels.join(",")}`);
  if (resolution !== null) parts.push(`res=${resolution}`);
  if (span !== 28) parts.push(`span=${span}`);
  if (anomalies) parts.push("unusual=1");
  return `#${parts.join("&")}`;
}

/** Keeps the page's URL up to date with the state, and the state with a URL that the user edits. */
export function followLink(state, onLink) {
  let timer = 0;
  state.on(["date", "view", "levels", "resolution", "span", "anomalies"], () => {
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(null, "", writeLink(state.get())), WRITE_DELAY);
  });
  addEventListener("hashchange", () => {
    clearTimeout(timer);
    onLink(readLink(location.hash));
  });
}

function readView(text) {
  const numbers = (text ?? "").split("/").map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  const [zoom, lat, lng] = numbers;
  return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 22 ? { zoom, lat, lng } : null;
}
