import { addAreas } from "./areas.js";
import { above } from "./cells.js";
import { addDifference } from "./difference.js";

/**
 * Adds to the `cells` of `addCells` everything else that the map can show: cells of two periods and, where the dataset
 * names a layer of them, areas. Returns the same as `addCells`, of whichever the state asks for. `tell` hears what
 * `addDifference` and `addAreas` have to say, with the layer before it. `isPending()` says whether an empty map says
 * nothing yet.
 */
export function addShown(map, cells, state, tell) {
  const told = (layer) => ({ tell: (...reason) => tell(layer, ...reason) });
  const others = { difference: addDifference(map, state, above(map), told("difference")) };
  if (state.get().areas) others.areas = addAreas(map, state, above(map), told("areas"));
  const all = [cells, ...Object.values(others)];
  const now = () => others[state.get().layer] ?? cells;
  state.on(["layer"], () => all.forEach((each) => each.hover(null)));
  return {
    prefetched: cells.prefetched,
    settled: () => now().settled(),
    hover: (id) => now().hover(id),
    cells: (point) => now().cells(point),
    loaded: () => (now().loaded ?? now().cells)(),
    retry: () => now().retry(),
    paint: () => all.forEach((each) => each.paint()),
    isPending: () => now().isPending?.() ?? false,
    owns: (source) => all.some((each) => each.owns(source)),
  };
}
