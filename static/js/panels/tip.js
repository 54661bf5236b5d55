import { asChange, asOne, asWhole, events } from "../lib/format.js";
import { factorOf, wordsOf } from "../lib/measures.js";
import { text } from "../lib/text.js";
import { groupOfClass } from "../map/looks.js";

/** The text at a mouse over a cell or area: a few lines about its figures in the tile, the most important first. */
export function describeCell(properties, state) {
  const { layer } = state;
  if (layer === "areas") return describeArea(properties, state);
  if (layer === "risk") return describeRisk(properties);
  if (layer === "difference") {
    const { events: now, before, word } = properties;
    return [events(now), text("list.other", { before: asWhole(before) }), text(`difference.${word}`)];
  }
  const { events: count, change_percent: percent, trend, expected, class: name } = properties;
  const lines = [events(count ?? 0)];
  // Numbers without a value are missing in a tile: here where there were no events before.
  const change = percent === undefined ? "" : asChange(percent / 100);
  lines.push(text(`tip.${trend}`, { change }).trim());
  if (layer === "class" || groupOfClass(name)) lines.unshift(text(`spot.${name}`));
  if (layer === "forecast" && expected !== undefined) lines.unshift(text("tip.expected", { number: asOne(expected) }));
  return lines;
}

/** An area without a figure says so, and why. Numbers without a value are missing in a tile. */
function describeArea({ name, value, events: count, trend }, { measure, areaFacts }) {
  if (!areaFacts) return [name];
  const isTrend = measure === "trend_change";
  if (isTrend ? trend === null : value === undefined) {
    return [name, text(`areas.none.${areaFacts.reason}.short`), ...(count === undefined ? [] : [events(count)])];
  }
  if (isTrend) return [name, text(`tip.${trend}`, { change: value === undefined ? "" : asChange(value / 100) }).trim()];
  const told = wordsOf(measure, value * factorOf(measure, areaFacts), areaFacts);
  return measure === "events" ? [name, told] : [name, `${text(`measure.${measure}`)}: ${told}`, events(count)];
}

/** A tile of several days has only scores. */
function describeRisk({ risk_score: score, risk_level: level, event_count: count }) {
  if (score === undefined) return null;
  return [text("tip.score", { score: asOne(score), level: text(`level.${level}`) }), events(count)];
}
