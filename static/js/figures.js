import { longDay, shortDay } from "./days.js";
import { levelName } from "./levels.js";

const ONE = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const TWO = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const SIGNED_PERCENT = new Intl.NumberFormat("en-GB", { style: "percent", signDisplay: "exceptZero" });

/** Title, name of the attribute in tiles and API, and format of its number. */
const ROWS = [
  ["Events on the day", "event_count", String],
  ["7-day average", "rolling_7d_avg", (value) => TWO.format(value)],
  ["Growth on prior week", "growth_rate", (value) => SIGNED_PERCENT.format(value)],
  ["z-score", "z_score", (value) => TWO.format(value)],
];

/**
 * The card of one cell on one day; `row` has the attributes of a risk row, or is null when there was no event. Then
 * `other`, if given, is {day, go}: a day with figures, and the function that goes there.
 */
export function figures({ cell, resolution, date, row, other }) {
  const card = document.createElement("div");
  card.className = "figures";
  if (row?.area) card.append(text("p", "figures-place", row.area));
  card.append(text("p", "figures-day", longDay(date)));
  if (row) card.append(score(row), table(row));
  else card.append(text("p", "popup-message", "No event in this cell on this day, so it has no score."));
  if (!row && other && other.day !== date) {
    const button = text("button", "text-button", `Show ${shortDay(other.day)}, its last day with events`);
    button.type = "button";
    button.addEventListener("click", other.go);
    card.append(button);
  }
  if (row?.anomaly) card.append(text("p", "figures-unusual", "Unusually many events for this cell"));
  const foot = text("p", "figures-cell", `Resolution ${resolution} · `);
  foot.append(text("code", "", cell));
  card.append(foot);
  return card;
}

function score(row) {
  const line = document.createElement("p");
  line.className = "figures-score";
  line.dataset.level = row.risk_level;
  const badge = text("span", "badge", levelName(row.risk_level));
  line.append(data("risk_score", row.risk_score, ONE.format(row.risk_score)), text("span", "of", "/ 100"), badge);
  const meter = document.createElement("span");
  meter.className = "meter";
  const bar = document.createElement("span");
  bar.style.width = `${Math.max(1, row.risk_score)}%`;
  meter.append(bar);
  line.append(meter);
  return line;
}

function table(row) {
  const list = document.createElement("dl");
  for (const [title, name, format] of ROWS) {
    const value = document.createElement("dd");
    value.append(data(name, row[name], format(row[name])));
    list.append(text("dt", "", title), value);
  }
  return list;
}

/** A `data` element with the number as served in `value`, and as people read it in its text. */
function data(name, value, written) {
  const element = text("data", "", written);
  element.value = String(value);
  element.dataset.figure = name;
  return element;
}

function text(tag, className, content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = content;
  return element;
}
