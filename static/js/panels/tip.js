import { asChange, asOne, asWhole, events } from "../lib/format.js";
import { text } from "../lib/text.js";
import { trend } from "../lib/trend.js";
import { groupOfClass } from "../map/looks.js";

/** What a mouse over a cell tells: a few lines about its figures in the tile, the most important first. */
export function describeCell(properties, { layer }) {
  if (layer === "risk") return describeRisk(properties);
  const { events: count, events_before: before, expected, class: name } = properties;
  const lines = [];
  if (count !== undefined) lines.push(events(count));
  if (before !== undefined && count !== undefined) {
    const word = trend(count, before);
    lines.push(text(`tip.${word}`, { before: asWhole(before), change: before > 0 ? asChange(count / before - 1) : "" }));
  }
  const group = groupOfClass(name);
  if (layer === "class" || group) lines.unshift(text(`spot.${name}`));
  if (layer === "forecast" && expected !== undefined) lines.unshift(text("tip.expected", { number: asOne(expected) }));
  return lines;
}

/** A tile of several days has only scores. */
function describeRisk({ risk_score: score, risk_level: level, event_count: count }) {
  if (score === undefined) return null;
  return [text("tip.score", { score: asOne(score), level: text(`level.${level}`) }), events(count)];
}
