import { formatter } from "./text.js";

const MILLISECONDS = 86_400_000;

/** True for a real calendar day written YYYY-MM-DD. */
export function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Days from `a` to `b`; negative when `b` is earlier. */
export function daysBetween(a, b) {
  return Math.round((Date.parse(b) - Date.parse(a)) / MILLISECONDS);
}

/** The day `count` days after `day`. */
export function addDays(day, count) {
  return new Date(Date.parse(day) + count * MILLISECONDS).toISOString().slice(0, 10);
}

/** The same day of another year; 29 February becomes 28 February where there is none. */
export function addYears(day, count) {
  const year = String(Number(day.slice(0, 4)) + count).padStart(4, "0");
  const moved = `${year}${day.slice(4)}`;
  return isDay(moved) ? moved : `${year}-02-28`;
}

export function clampDay(day, first, last) {
  return day < first ? first : day > last ? last : day;
}

/** The day of the week, 0 for Monday to 6 for Sunday. */
export function weekday(day) {
  return (new Date(Date.parse(day)).getUTCDay() + 6) % 7;
}

// A day has no time zone: it is the dataset's local day. UTC keeps the formatter from moving it.
const local = (options) => formatter(Intl.DateTimeFormat, { timeZone: "UTC", ...options });
const long = local({ weekday: "short", day: "numeric", month: "long", year: "numeric" });
const short = local({ day: "numeric", month: "short", year: "numeric" });
const month = local({ month: "short" });
const weekdayName = local({ weekday: "short" });

export function longDay(day) {
  return long().format(Date.parse(day));
}

export function shortDay(day) {
  return short().format(Date.parse(day));
}

export function monthName(day) {
  return month().format(Date.parse(day));
}

/** The short name of a day of the week, 0 for Monday. */
export function weekdayLabel(number) {
  return weekdayName().format(Date.UTC(2021, 2, 1 + number)); // 1 March 2021 was a Monday
}

/** A period as people write it, in which a shared year or month stands once. */
export function period(from, to) {
  return from === to ? shortDay(to) : short().formatRange(Date.parse(from), Date.parse(to));
}
