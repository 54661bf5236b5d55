import { asBrief, asChange, asWhole } from "./format.js";
import { breaksOf } from "./outlook.js";
import { text } from "./text.js";

const PER = 1000; // residents
const DAYS_OF_YEAR = 365.25;
const FIFTHS = [0.2, 0.4, 0.6, 0.8];

/**
 * What the server's figure is multiplied by where people read it. A smoothed rate is one of the whole period, by a
 * resident or, in a layer without residents, by a square kilometre; the page tells it for 1,000 residents, or a square
 * kilometre, and a year, like the other rates.
 */
export function factorOf(measure, { days, hasResidents }) {
  if (measure !== "eb_rate") return 1;
  return ((hasResidents ? PER : 1) * DAYS_OF_YEAR) / days;
}

/** Whether a row of `fetchAreas` has a figure of a measure. A trend from no events at all has a word, but no number. */
export function hasFigure(row, measure) {
  return (measure === "trend_change" ? row.trend : row[measure]) !== null;
}

/** The value of a measure in a row of `fetchAreas` as people read it, or null. */
export function valueOf(row, measure, told) {
  return row[measure] === null ? null : row[measure] * factorOf(measure, told);
}

/** Whether more of it is the better: then the least comes first, and has the strongest colour. */
export function isReversed(measure) {
  return measure === "safety_score";
}

/** The number alone. */
export function numberOf(measure, value) {
  if (value === null) return text("measure.trend_change.none");
  if (measure === "trend_change") return asChange(value / 100);
  return measure === "events" || measure === "safety_score" ? asWhole(value) : asBrief(value);
}

/** The value with its unit. */
export function wordsOf(measure, value, { hasResidents }) {
  const unit = measure === "eb_rate" && !hasResidents ? "eb_rate.km2" : measure;
  return text(`measure.${unit}.value`, { number: numberOf(measure, value), count: value });
}

/**
 * The least values of the steps of the colours from the second on: fifths of the areas with events, and of the scale of
 * the safety score, which is a share of the areas itself. A trend has words instead.
 */
export function breaksOfAreas(measure, told) {
  if (measure === "trend_change") return [];
  if (measure === "safety_score") return told.rows.some((row) => row.safety_score !== null) ? [20, 40, 60, 80] : [];
  const values = told.rows.map((row) => valueOf(row, measure, told)).filter((value) => value !== null);
  return breaksOf(values, measure === "events", FIFTHS);
}

/** The rows in the order of a measure, those that matter most first; rows without a value are left out. */
export function inOrder(rows, measure) {
  const rank = { rising: 0, steady: 1, falling: 2, few: 3 };
  const direction = isReversed(measure) ? 1 : -1;
  return rows.filter((row) => hasFigure(row, measure)).sort((a, b) => {
    if (measure === "trend_change" && a.trend !== b.trend) return rank[a.trend] - rank[b.trend];
    // From none to some is the greatest change.
    const [one, other] = [a, b].map((row) => row[measure] ?? Number.MAX_VALUE);
    return direction * (one - other) || b.events - a.events;
  });
}
