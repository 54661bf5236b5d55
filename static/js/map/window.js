import { OUTLOOK_LAYERS } from "../lib/choices.js";
import { addDays, clampDay, daysBetween } from "../lib/days.js";
import { outlookQuery, riskResolution } from "../lib/outlook.js";

/** Number of days in one tile of several days; the server allows up to 62. */
export const DAYS_AT_ONCE = 31;

/**
 * The tiles that show the state: `address`, a tile template, `sourceLayer`, the layer of the tile with the cells, and
 * `column`, the attribute of the day's score in a tile of several days, or null for a tile with all figures.
 *
 * While days are played, a tile contains the next days, so that they need no request. It does not say which cells are
 * unusual: if these are outlined, every day is requested.
 */
export function createWindow(template) {
  const query = (text) => `${template}${template.includes("?") ? "&" : "?"}${text}`;
  let start = null; // first of the days played last

  return (state) => {
    const { layer, date, first, last, playing, anomalies } = state;
    if (OUTLOOK_LAYERS.includes(layer)) {
      start = null;
      const wanted = new URLSearchParams({ layers: "outlook", ...outlookQuery(state) });
      return { address: query(wanted), sourceLayer: "outlook", column: null };
    }
    const resolution = riskResolution(state);
    const suffix = resolution === null ? "" : `&resolution=${resolution}`;
    if (!playing || anomalies) {
      start = null;
      return { address: query(`date=${date}${suffix}`), sourceLayer: "risk", column: null };
    }
    if (start === null || date < start || daysBetween(start, date) >= DAYS_AT_ONCE) start = clampDay(date, first, last);
    const end = clampDay(addDays(start, DAYS_AT_ONCE - 1), first, last);
    const column = `s${daysBetween(start, date)}`;
    return { address: query(`from=${start}&to=${end}${suffix}`), sourceLayer: "risk", column };
  };
}
