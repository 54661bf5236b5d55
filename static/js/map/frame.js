import { near } from "../lib/box.js";
import { extent } from "../lib/cells.js";

const FEWEST_TO_FRAME = 10; // cells; fewer of a day say little of where the others are

/**
 * Moves the map so that the cells shown fill it. The bounds of a dataset are those of its largest cells and of all its
 * days, so at first much of the view may be empty. `padding` is kept free around them, in px. Returns a function that
 * does so again for the same cells, until the reader has moved the map.
 */
export function frame(map, cells, padding) {
  const extents = cells.loaded().map((feature) => extent(feature.geometry));
  if (extents.length < FEWEST_TO_FRAME) return () => {};
  // Cells on both sides of the antimeridian are told in one turn of the world.
  const turn = ({ middle: [lng] }) => near(lng, extents[0].middle[0]) - lng;
  const boxes = extents.map((each) => each.box.map(([lng, lat]) => [lng + turn(each), lat]));
  const edge = (index, axis, choose) => choose(...boxes.map((box) => box[index][axis]));
  const [west, south] = [0, 1].map((axis) => edge(0, axis, Math.min));
  const [east, north] = [0, 1].map((axis) => edge(1, axis, Math.max));
  let isMoved = false;
  map.on("movestart", ({ originalEvent }) => { isMoved ||= originalEvent !== undefined; });
  const fit = () => {
    if (!isMoved) map.fitBounds([[west, south], [east, north]], { padding, animate: false });
  };
  fit();
  return fit;
}
