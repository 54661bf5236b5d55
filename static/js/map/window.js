import { addDays, clampDay, daysBetween } from "../days.js";

/** Days that one tile of several days tells; the server gives up to 62. */
export const DAYS_AT_ONCE = 31;

/**
 * Which tiles show the state: `address`, a tile template, and `column`, the attribute of the day's score in a tile of
 * several days, or null for a tile of the one day with all figures.
 *
 * While days are played a tile tells those to come, so that they need no request. Unusual cells are not among what it
 * tells: to have them outlined every day is asked for.
 */
export function createWindow(template, first, last) {
  const query = (text) => `${template}${template.includes("?") ? "&" : "?"}${text}`;
  let start = null; // of the days last played

  return ({ date, resolution, playing, anomalies }) => {
    const suffix = resolution === null ? "" : `&resolution=${resolution}`;
    if (!playing || anomalies) {
      start = null;
      return { address: query(`date=${date}${suffix}`), column: null };
    }
    if (start === null || date < start || daysBetween(start, date) >= DAYS_AT_ONCE) start = clampDay(date, first, last);
    const end = clampDay(addDays(start, DAYS_AT_ONCE - 1), first, last);
    return { address: query(`from=${start}&to=${end}${suffix}`), column: `s${daysBetween(start, date)}` };
  };
}
