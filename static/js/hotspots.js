import { fetchHotspots } from "./api.js";
import { addDays, clampDay, shortDay } from "./days.js";
import { levelName } from "./levels.js";

/** Lengths of the period of the list, in days. */
export const SPANS = [7, 28, 90, 365];
const LIMIT = 20;
const QUIET = 350; // ms without another change before the list is requested
const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const DEGREES = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/**
 * The list of the top cells of the days up to the selected one. `onChoose({cell, geometry, lastDay, opener})` is called
 * for a chosen cell. Not refreshed while playing: a list that changes twice a second cannot be read.
 */
export function startHotspots(state, { first, resolutions, onChoose }) {
  const list = document.getElementById("hotspots");
  const status = document.getElementById("hotspots-status");
  const span = document.getElementById("span");
  for (const days of SPANS) span.append(new Option(`last ${days} days`, String(days)));
  let timer = 0;
  let request = new AbortController();

  async function load() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const { dataset, date, resolution, span: days } = state.get();
    const start = clampDay(addDays(date, 1 - days), first, date);
    const size = resolution ?? readable(resolutions);
    try {
      const answer = await fetchHotspots({ dataset, start, end: date, resolution: size, limit: LIMIT }, signal);
      const period = start === date ? shortDay(date) : `${shortDay(start)} to ${shortDay(date)}`;
      status.textContent =
        answer.features.length === 0 ? `No top cells from ${period}.` : `${period}, resolution ${size}`;
      list.replaceChildren(...answer.features.map((feature) => entry(feature, onChoose)));
    } catch (error) {
      if (error.name === "AbortError") return;
      status.textContent = `The top cells could not be loaded. ${error.message}`;
      list.replaceChildren();
    }
  }

  const soon = ({ playing }) => {
    clearTimeout(timer);
    if (!playing) timer = setTimeout(load, QUIET);
  };
  const showSpan = (values) => { span.value = String(values.span); };
  span.addEventListener("change", () => state.set({ span: Number(span.value) }));
  state.on(["span"], showSpan);
  state.on(["date", "resolution", "span", "playing"], soon);
  showSpan(state.get());
  load();
}

/** The resolution nearest to 8, whose cells are about half a kilometre wide, the size of a well-known place. */
function readable(resolutions) {
  return resolutions.reduce((best, each) => (Math.abs(each - 8) < Math.abs(best - 8) ? each : best));
}

function entry({ geometry, properties }, onChoose) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hotspot";
  button.dataset.cell = properties.h3_index;
  button.dataset.level = properties.max_level;
  if (properties.area) button.title = place(geometry);
  button.append(
    text("hotspot-rank", String(properties.rank)),
    text("hotspot-place", properties.area ?? place(geometry)),
    text("hotspot-score", `${WHOLE.format(properties.max_score)}`),
    text("hotspot-facts", facts(properties)),
    text("badge", levelName(properties.max_level)),
  );
  button.addEventListener("click", () => {
    onChoose({ cell: properties.h3_index, geometry, lastDay: properties.last_day, opener: button });
  });
  item.append(button);
  return item;
}

function facts({ total_events: events, days_flagged: flagged, slope }) {
  const trend = slope > 0 ? "↗ rising" : slope < 0 ? "↘ falling" : "→ steady";
  const parts = [`${events} ${events === 1 ? "event" : "events"}`, trend];
  if (flagged > 0) parts.push(`${flagged} unusual`);
  return parts.join(" · ");
}

function place(geometry) {
  const ring = (geometry.type === "MultiPolygon" ? geometry.coordinates[0] : geometry.coordinates)[0].slice(0, -1);
  const [lng, lat] = [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length);
  const north = `${DEGREES.format(Math.abs(lat))}° ${lat < 0 ? "S" : "N"}`;
  return `${north}, ${DEGREES.format(Math.abs(lng))}° ${lng < 0 ? "W" : "E"}`;
}

function text(className, content) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = content;
  return element;
}
