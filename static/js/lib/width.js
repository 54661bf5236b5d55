import { EDGE_KM } from "./cells.js";
import { asBrief } from "./format.js";
import { text } from "./text.js";

/** The width of a cell from corner to corner, which is twice its edge, in words. */
export function cellWidth(resolution) {
  const kilometres = 2 * EDGE_KM[resolution];
  return kilometres >= 1
    ? text("kilometres", { number: asBrief(kilometres) })
    : text("metres", { number: asBrief(Math.round(kilometres * 1000)) });
}
