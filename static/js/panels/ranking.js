import { fetchTopCells } from "../lib/api.js";
import { fetchAreas } from "../lib/areas.js";
import { CLASSES } from "../lib/choices.js";
import { fetchDifference } from "../lib/difference.js";
import { asChange, asDifference, asOne, asWhole, events } from "../lib/format.js";
import { inOrder, numberOf, valueOf } from "../lib/measures.js";
import { fetchOutlookCells, outlookDay, outlookResolution, riskResolution } from "../lib/outlook.js";
import { period } from "../lib/days.js";
import { currentPeriod } from "../lib/periods.js";
import { text } from "../lib/text.js";
import { trend } from "../lib/trend.js";
import { cellWidth } from "../lib/width.js";
import { CLASS_MEMBERS, groupOfClass } from "../map/looks.js";

/**
 * The cells or areas that matter most by the state's layer, at most `limit`: `features` (GeoJSON; areas without their
 * geometry), `from` and `to`, the days that they are about, and the `resolution` of cells.
 */
export function topFeatures(state, limit, signal) {
  return (SOURCES[state.layer] ?? SOURCES.outlook)(state, limit, signal);
}

/** The words of a list for a cell or area: `value`, `facts`, a `badge`, all texts, and `mark`, the badge's colour. */
export function factsOf(properties, state) {
  const others = { risk: riskFacts, difference: differenceFacts, areas: areaFacts };
  return (others[state.layer] ?? outlookFacts)(properties, state);
}

/** The sentence above the list. */
export function statusOf({ layer, measure }, { from, to, resolution, features, all }) {
  const days = period(from, to);
  if (layer !== "areas") {
    return text(features.length === 0 ? "list.empty" : "list.status", {
      period: days, width: cellWidth(resolution), resolution,
    });
  }
  if (features.length === 0) return text("list.areas.empty", { period: days });
  const told = { period: days, count: all, number: asWhole(all), shown: asWhole(features.length) };
  return text(measure === "trend_change" ? "list.areas.trend" : "list.areas.status", told);
}

/** The title of the list. */
export function titleOf({ layer, measure }) {
  return layer === "areas" ? text(`list.areas.${measure}`) : text(`list.${layer}`);
}

const SOURCES = {
  async risk(state, limit, signal) {
    const { dataset, levels, overview, shownResolution } = state;
    const [from, to] = currentPeriod(state);
    const resolution = riskResolution(state) ?? shownResolution ?? overview;
    if (levels.length === 0) return { from, to, resolution, features: [] };
    const answer = await fetchTopCells({ dataset, from, to, resolution, levels, limit }, signal);
    return { from, to, resolution, features: answer.features };
  },

  async difference(state, limit) {
    const [from, to] = currentPeriod(state);
    const resolution = outlookResolution(state);
    const { features: all } = await fetchDifference(state);
    const size = ({ properties: { events: now, before } }) => Math.abs(now - before);
    const isClear = ({ properties: { word } }) => Number(word === "up" || word === "down");
    const sorted = all.filter((each) => size(each) > 0).sort((a, b) => isClear(b) - isClear(a) || size(b) - size(a));
    return { from, to, resolution, features: sorted.slice(0, limit) };
  },

  async areas(state, limit) {
    const [from, to] = currentPeriod(state);
    const told = await fetchAreas(state);
    const found = inOrder(told.rows, state.measure);
    const features = found.slice(0, limit)
      .map((row) => ({ geometry: null, properties: { ...row, value: valueOf(row, state.measure, told) } }));
    return { from, to, resolution: null, features, all: found.length };
  },

  async outlook(state, limit, signal) {
    const to = outlookDay(state);
    const [from] = currentPeriod({ ...state, date: to });
    const query = { limit, ...ORDERS[state.layer](state) };
    const resolution = outlookResolution(state);
    if (query.classes === "") return { from, to, resolution, features: [] };
    const { features } = await fetchOutlookCells(state, query, signal);
    return { from, to, resolution, features };
  },
};

/** The query of the outlook for each layer. A list of what is urgent has the cold cells only if nothing else. */
const ORDERS = {
  class: ({ classes }) => {
    const hot = CLASSES.filter((each) => classes.includes(each) && each !== "cold");
    const wanted = hot.length > 0 ? hot : classes;
    return { sort: "class", classes: wanted.flatMap((each) => CLASS_MEMBERS[each]).join(",") };
  },
  events: () => ({ sort: "events" }),
  change: () => ({ sort: "change", trend: "rising" }),
  forecast: () => ({ sort: "expected" }),
};

function riskFacts(row) {
  const { total_events: total, days_flagged: flagged, days_active: active, max_score: score, max_level: level } = row;
  const parts = [events(total), text("list.days", { count: active, number: asWhole(active) })];
  if (flagged > 0 && total >= 3) parts.push(text("list.unusual", { count: flagged, number: asWhole(flagged) }));
  return { value: asWhole(score), facts: parts.join(" · "), badge: text(`level.${level}`), mark: level };
}

function differenceFacts({ events: now, before, word }) {
  return {
    value: asDifference(now - before), facts: `${events(now)} · ${text("list.other", { before: asWhole(before) })}`,
    badge: text(`difference.${word}`), mark: word,
  };
}

function areaFacts(row, { measure }) {
  const { events: count, population, trend: word, value } = row;
  const residents = population > 0 ? ` · ${text("areas.residents", { number: asWhole(population) })}` : "";
  if (measure !== "trend_change") {
    return { value: numberOf(measure, value), facts: `${events(count)}${residents}`, badge: null, mark: null };
  }
  const facts = text("areas.years", { last: asWhole(row.trend_last), before: asWhole(row.trend_before) });
  const isTrend = word === "rising" || word === "falling";
  return { value: numberOf(measure, value), facts, badge: isTrend ? text(`trend.${word}`) : null, mark: word };
}

function outlookFacts(row, { layer }) {
  const word = trend(row.events, row.events_before);
  const key = word === "up" || word === "down" ? `list.${word}` : "list.before";
  const change = text(key, { before: asWhole(row.events_before) });
  const group = groupOfClass(row.class);
  const value = {
    class: () => asWhole(row.events),
    events: () => asWhole(row.events),
    change: () => (row.change_percent === null ? "" : asChange(row.change_percent / 100)),
    forecast: () => asOne(row.expected),
  }[layer]();
  return {
    value,
    facts: layer === "forecast"
      ? text("list.interval", { low: asWhole(row.lower_90), high: asWhole(row.upper_90) })
      : `${events(row.events)} · ${change}`,
    badge: group && text(`class.${group}`), mark: group,
  };
}
