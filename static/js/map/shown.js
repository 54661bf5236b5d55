import { addCells, above } from "./cells.js";
import { addDifference } from "./difference.js";

/**
 * Adds everything that the map can show of cells: those of tiles, and those of two periods. Returns the same as
 * `addCells`, of whichever the state asks for.
 */
export function addShown(map, tileJSON, state, tell) {
  const cells = addCells(map, tileJSON, state);
  const difference = addDifference(map, state, above(map), { tell });
  const now = () => (state.get().layer === "difference" ? difference : cells);
  state.on(["layer"], () => [cells, difference].forEach((each) => each.hover(null)));
  return {
    prefetched: cells.prefetched,
    settled: () => now().settled(),
    hover: (cell) => now().hover(cell),
    cells: (point) => now().cells(point),
    retry: () => now().retry(),
    paint: () => [cells, difference].forEach((each) => each.paint()),
    owns: (source) => cells.owns(source) || difference.owns(source),
  };
}
