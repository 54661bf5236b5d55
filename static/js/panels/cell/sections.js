import { history as historyChart } from "../../charts/history.js";
import { shares } from "../../charts/shares.js";
import { hoursOfWeek, weekdays } from "../../charts/week.js";
import { addDays, longDay, period, shortDay, weekday } from "../../lib/days.js";
import { button, element } from "../../lib/element.js";
import { asBrief, asChange, asOne, asPercent, asTwo, asWhole, events as eventsInWords } from "../../lib/format.js";
import { comparedPeriod, currentPeriod } from "../../lib/periods.js";
import { text } from "../../lib/text.js";
import { trend } from "../../lib/trend.js";
import { FEWEST_UNUSUAL, groupOfClass } from "../../map/looks.js";
import { section } from "../section.js";

const YEAR = 364;
const NEWEST = 10;

/** The class of the cell over the last weeks and what is expected of it; nothing where there is no outlook. */
export function outlookSection({ outlook }) {
  if (!outlook) return null;
  const group = groupOfClass(outlook.class);
  const name = text(`spot.${outlook.class}`);
  const expected = text("cell.expected", {
    days: asWhole(outlook.horizon), day: shortDay(outlook.as_of), number: asOne(outlook.expected),
    low: asWhole(outlook.lower_90), high: asWhole(outlook.upper_90),
    chance: outlook.chance > 0.99 ? `> ${asPercent(0.99)}` : asPercent(outlook.chance),
  });
  const heading = group
    ? element("p", { class: "class-line", "data-level": group }, element("span", { class: "badge", text: name }))
    : element("p", { class: "class-line", text: name });
  return section("outlook", text("cell.outlook"), heading, paragraph(text(`spot.${outlook.class}.meaning`)),
    paragraph(expected));
}

/** The events of the period beside those of the compared one, and their kinds. */
export function periodSection({ state, kinds, history }) {
  const [from, to] = currentPeriod(state);
  const other = comparedPeriod(state);
  const [now, before] = state.kinds.length === 0
    ? [countIn(history, from, to), other ? countIn(history, ...other) : 0]
    : [1, 2].map((column) => kinds.reduce((sum, row) => sum + row[column], 0));
  const isKnown = other && other[0] >= state.first;
  const word = isKnown ? trend(now, before) : null;
  const change = before > 0 ? ` (${asChange(now / before - 1)})` : "";
  const parts = [element("p", { class: "cell-count" }, element("strong", { text: eventsInWords(now) }))];
  if (word) {
    const told = { before: asWhole(before), change, other: period(...other) };
    parts.push(paragraph(text(`cell.change.${word}`, told), "hint"));
  }
  if (kinds.length > 0 && now > 0) parts.push(shares(text("cell.kinds"), kinds.map(([name, count]) => [name, count])));
  return section("period", period(from, to), ...parts);
}

/** The figures of the day, with `.figures` as their common parent, and why the score is what it is. */
export function daySection({ state, row, history }, description, go) {
  const { date } = state;
  const card = element("div", { class: "figures" }, element("p", { class: "figures-day", text: longDay(date) }));
  if (row) card.append(scoreLine(row), table(row));
  else card.append(paragraph(text("cell.noEvent"), "hint"));
  if (row?.anomaly && row.event_count >= FEWEST_UNUSUAL) {
    card.append(paragraph(text("cell.unusual", { number: asBrief(description.flag_z) }), "figures-unusual"));
  }
  const lastDay = history.findLast(([day]) => day < date)?.[0] ?? history[0]?.[0];
  if (!row && lastDay) card.append(dayButton("last", text("cell.lastDay", { day: shortDay(lastDay) }), lastDay, go));
  if (row && description.weights) card.append(why(row, description));
  return section("day", text("cell.day"), card);
}

/** The last year by week, the busiest day of the period, and the band of the forecast. */
export function historySection({ state, history, outlook }, go) {
  const [from, to] = currentPeriod(state);
  const inPeriod = history.filter(([day]) => day >= from && day <= to);
  const peak = inPeriod.reduce((best, each) => (best === null || each[2] > best[2] ? each : best), null);
  const forecast = outlook && outlook.as_of === state.date && state.kinds.length === 0
    ? { days: outlook.horizon, mean: outlook.expected, low: outlook.lower_90, high: outlook.upper_90 } : null;
  const parts = [historyChart({ counts: history, to: state.date, first: state.first, forecast })];
  if (state.kinds.length > 0) parts.push(paragraph(text("cell.allKinds"), "hint"));
  if (peak && peak[0] !== state.date) {
    const [day, count, score, level] = peak;
    const told = {
      day: shortDay(day), score: asWhole(score), level: text(`level.${level}`), events: eventsInWords(count),
    };
    parts.push(dayButton("peak", text("cell.peak", told), peak[0], go));
  }
  return section("history", text("cell.history"), ...parts);
}

/** When events happen in the week: by hour for those who may read events, else by day. */
export function weekSection({ state, history, events }) {
  const from = addDays(state.date, 1 - YEAR);
  if (events && events.length > 0) {
    const hours = new Array(168).fill(0);
    const place = hourOfWeek(state.timeZone);
    for (const [instant, kind] of events) if (isChosen(state, kind)) hours[place(instant)] += 1;
    return section("week", text("cell.hours"), hoursOfWeek(hours));
  }
  const days = new Array(7).fill(0);
  for (const [day, count] of history) if (day >= from && day <= state.date) days[weekday(day)] += count;
  if (days.every((each) => each === 0)) return null;
  return section("week", text("cell.weekdays"), weekdays(days));
}

/** The newest events, for those who may read them. */
export function eventsSection({ state, events }) {
  if (!events) return null;
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium", timeStyle: "short", timeZone: state.timeZone,
  });
  const newest = events.filter(([, kind]) => isChosen(state, kind)).slice(-NEWEST).toReversed();
  const list = element("ul", { class: "newest" }, ...newest.map(([instant, kind]) => element("li", {},
    element("span", { text: kind }), element("time", { datetime: instant, text: format.format(new Date(instant)) }))));
  return section("events", text("cell.events"), newest.length > 0 ? list : paragraph(text("cell.noEvents"), "hint"));
}

function scoreLine(row) {
  const bar = element("span");
  bar.style.width = `${Math.max(1, row.risk_score)}%`;
  return element("p", { class: "figures-score", "data-level": row.risk_level },
    data("risk_score", row.risk_score, asOne(row.risk_score)), element("span", { class: "of", text: "/ 100" }),
    element("span", { class: "badge", text: text(`level.${row.risk_level}`) }),
    element("span", { class: "meter", "aria-hidden": "true" }, bar));
}

/** Key of the title, name of the figure in the API, and format of its number. */
const ROWS = [
  ["figure.events", "event_count", asWhole],
  ["figure.average", "rolling_7d_avg", asTwo],
  ["figure.growth", "growth_rate", asChange],
  ["figure.z", "z_score", asTwo],
];

function table(row) {
  return element("dl", {}, ...ROWS.flatMap(([title, name, format]) => [
    element("dt", { text: text(title) }), element("dd", {}, data(name, row[name], format(row[name]))),
  ]));
}

/** How the dataset's weights make the risk of the day, and what its score means. */
function why(row, { weights, levels }) {
  const parts = [
    ["why.count", weights.count, row.event_count, asWhole], ["why.growth", weights.growth, row.growth_rate, asTwo],
    ["why.average", weights.average, row.rolling_7d_avg, asTwo],
  ];
  const risk = parts.reduce((sum, [, weight, value]) => sum + weight * value, 0);
  const lines = parts.map(([key, weight, value, format]) => element("li", {
    text: text(key, { weight: asBrief(weight), value: format(value), product: asTwo(weight * value) }),
  }));
  const meaning = text("why.meaning", {
    risk: asTwo(risk), score: asOne(row.risk_score), level: text(`level.${row.risk_level}`),
    medium: asBrief(levels.medium), high: asBrief(levels.high), critical: asBrief(levels.critical),
  });
  return element("details", { class: "why", "data-name": "why" }, element("summary", { text: text("why.title") }),
    element("ul", {}, ...lines), paragraph(meaning));
}

/** A `data` element with the number as served in `value`, and as people read it in its text. */
function data(name, value, written) {
  return element("data", { "data-figure": name, value, text: written });
}

function dayButton(action, label, day, go) {
  return button("text-button", label, () => go(day), { "data-action": action });
}

function paragraph(content, className) {
  return element("p", { class: className, text: content });
}

function countIn(history, from, to) {
  return history.reduce((sum, [day, count]) => (day >= from && day <= to ? sum + count : sum), 0);
}

function isChosen({ kinds }, kind) {
  return kinds.length === 0 || kinds.includes(kind);
}

/** A function from an instant to its hour of the week in a time zone, 0 to 167 from Monday's first one on. */
function hourOfWeek(timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", hourCycle: "h23" });
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  return (instant) => {
    const found = Object.fromEntries(parts.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
    return days.indexOf(found.weekday) * 24 + Number(found.hour);
  };
}
