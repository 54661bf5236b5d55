import { period } from "../lib/days.js";
import { differencePeriods } from "../lib/difference.js";
import { asPercent, asWhole } from "../lib/format.js";
import { groupOfKinds, outlookDay } from "../lib/outlook.js";
import { comparedPeriod, currentPeriod } from "../lib/periods.js";
import { text } from "../lib/text.js";
import { trend } from "../lib/trend.js";

/** The events of the period, beside those of the compared one if all of its days are known. */
export function eventsLine(state, counts) {
  const [from, to] = currentPeriod(state);
  const now = counts.sum(state.kinds, from, to);
  const told = { count: now, number: asWhole(now), period: period(from, to), kinds: kindsPhrase(state) };
  const other = comparedPeriod(state);
  if (!other || !counts.covers(...other)) return text(other ? "summary.alone.unknown" : "summary.alone", told);
  const before = counts.sum(state.kinds, ...other);
  const word = trend(now, before);
  if (before === 0 && word === "up") return text("summary.first", { ...told, other: period(...other) });
  const percent = before > 0 ? asPercent(Math.abs(now / before - 1)) : "";
  const values = { ...told, before: asWhole(before), percent, other: period(...other) };
  return text(`summary.${word}.${state.compare}`, values);
}

/** The chosen kinds in a sentence; empty for all. */
export function kindsPhrase({ kinds }) {
  return kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
}

/** The layer and its days in one line. */
export function headline(state) {
  if (state.layer === "difference") {
    const [days, other] = differencePeriods(state).map((each) => period(...each));
    return [text("layer.difference"), text("headline.compared", { days, other })].join(" · ");
  }
  if (state.layer === "areas") return headlineOfAreas(state);
  const days = state.layer === "risk" ? [state.date, state.date] : periodOfMap(state);
  const group = state.layer === "risk" ? "all" : (groupOfKinds(state) ?? "all");
  const kinds = group === "all" ? text("kinds.all") : state.kinds.join(", ");
  return [text(`layer.${state.layer}`), period(...days), ...(state.kinds.length > 0 ? [kinds] : [])].join(" · ");
}

function headlineOfAreas(state) {
  const { measure, kinds, areaFacts } = state;
  const days = measure === "trend_change" ? text("areas.years.period") : period(...periodOfMap(state));
  return [
    text("layer.areas"), text(`measure.${measure}`), days,
    ...(kinds.length > 0 ? [kinds.join(", ")] : []),
    ...(areaFacts?.layer.approximate ? [text("areas.approximate.short")] : []),
  ].join(" · ");
}

/** The days that the map is about, as [from, to]. */
export function periodOfMap(state) {
  if (state.layer === "difference" || state.layer === "areas") return currentPeriod(state);
  return currentPeriod({ ...state, date: outlookDay(state) });
}
