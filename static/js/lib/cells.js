import { near } from "./box.js";

/** Mean edge of a cell in kilometres by resolution, from the H3 documentation's table of cell statistics. */
export const EDGE_KM = [
  1281.256, 483.057, 182.513, 68.979, 26.072, 9.854, 3.725, 1.406, 0.531, 0.201, 0.076, 0.0287, 0.0108, 0.0041, 0.0015,
  0.0006,
];
const KM_PER_DEGREE = 111.2;
const CELLS_ACROSS = 50; // about as many as one can tell apart in a map of a city

/** H3 keeps the resolution in bits 52 to 55: the second of the fifteen hexadecimal digits. */
export function resolutionOf(cell) {
  return Number.parseInt(cell[1], 16);
}

/** Whether a text is a cell index as the server writes it; 15 hexadecimal digits, of which the first is 8. */
export function isCell(value) {
  return /^8[0-9a-f]{14}$/.test(value ?? "");
}

/** The resolution at which about fifty cells stand beside each other in the box [west, south, east, north]. */
export function overviewResolution(resolutions, [west, south, east, north]) {
  const middle = ((south + north) / 2) * (Math.PI / 180);
  const across = Math.max((east - west) * Math.cos(middle), north - south) * KM_PER_DEGREE;
  const distance = (each) => Math.abs(Math.log(across / (2 * EDGE_KM[each] * CELLS_ACROSS)));
  return resolutions.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

/** The middle of an outline, and the box around it as [[west, south], [east, north]]. */
export function extent(geometry) {
  const points = geometry.type === "MultiPolygon" ? geometry.coordinates.flat(2) : geometry.coordinates.flat(1);
  // The parts of a cell over the antimeridian lie beside each other.
  const lngs = points.map(([lng]) => near(lng, points[0][0]));
  const lats = points.map(([, lat]) => lat);
  const box = [[Math.min(...lngs), Math.min(...lats)], [Math.max(...lngs), Math.max(...lats)]];
  return { box, middle: [(box[0][0] + box[1][0]) / 2, (box[0][1] + box[1][1]) / 2] };
}
