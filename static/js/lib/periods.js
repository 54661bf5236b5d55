import { addDays, addYears } from "./days.js";

/** The days of the state's period, as [from, to], not before the first day that is served. */
export function currentPeriod({ date, period, first }) {
  const from = addDays(date, 1 - period);
  return [from < first ? first : from, date];
}

/** The period that the state compares with, as [from, to], or null. It has the same number of days. */
export function comparedPeriod({ date, period, compare }) {
  if (compare === "none") return null;
  const to = compare === "year" ? addYears(date, -1) : addDays(date, -period);
  return [addDays(to, 1 - period), to];
}
