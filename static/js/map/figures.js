import { DIFFERENCES } from "../lib/choices.js";
import { isReversed } from "../lib/measures.js";
import { colour } from "../lib/theme.js";
import { QUIET, stepped, stepsOf, TRENDS } from "./looks.js";

/**
 * The look of the cells of two periods: their difference or, with two maps beside each other, the events of the state's
 * period or of the other one.
 */
export function lookOfDifference({ side, breaks }, isOther) {
  if (side || isOther) return stepped(isOther ? "before" : "events", 1, breaks);
  const byWord = DIFFERENCES.flatMap((each) => [each, colour(`--difference-${each}`)]);
  return { fill: ["match", ["get", "word"], ...byWord, colour("--ink-soft")], opacity: 0.88 };
}

/**
 * The look of areas by a measure: `fill`, `opacity`, and `figured`, which areas have a figure. A tile has the server's
 * value, of which people read `factor` times as much; the words of trends are in `rows`, as `fetchAreas` returns them.
 */
export function lookOfAreas({ breaks }, measure, rows, factor) {
  if (measure === "trend_change") return lookOfTrends(rows);
  const value = ["*", ["number", ["get", "value"], 0], factor];
  const isAny = isReversed(measure) ? true : [">", value, 0];
  return {
    fill: stepsOf(value, breaks, isReversed(measure)), opacity: ["case", isAny, 0.86, QUIET / 2],
    figured: ["has", "value"],
  };
}

function lookOfTrends(rows) {
  const ids = (word) => rows.filter((row) => row.trend === word).map((row) => row.id);
  const known = TRENDS.map((word) => [word, ids(word)]).filter(([, members]) => members.length > 0);
  const few = ids("few");
  const pairs = (value) => known.flatMap(([word, members]) => [members, value(word)]);
  const match = (value, other) => (known.length > 0 ? ["match", ["get", "id"], ...pairs(value), other] : other);
  const figured = [...known.flatMap(([, members]) => members), ...few];
  return {
    fill: match((word) => colour(`--trend-${word}`), colour("--ink-soft")),
    opacity: match((word) => (word === "steady" ? 0.5 : 0.88), QUIET),
    figured: figured.length > 0 ? ["match", ["get", "id"], figured, true, false] : ["literal", false],
  };
}
