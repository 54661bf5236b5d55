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

export function clampDay(day, first, last) {
  return day < first ? first : day > last ? last : day;
}

// A day has no time zone: it is the dataset's local day. UTC keeps the formatter from moving it.
const long = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function longDay(day) {
  return long.format(Date.parse(day)).replace(",", "");
}

export function shortDay(day) {
  return short.format(Date.parse(day));
}
