import { fetchDifference } from "../lib/difference.js";
import { colour } from "../lib/theme.js";
import { drawn } from "./cells.js";
import { lookOfDifference } from "./figures.js";

const SOURCE = "difference";
const [FILL, EDGE, HOVER] = ["difference-fill", "difference-edge", "difference-hover"];
const KEYS = ["layer", "date", "period", "compare", "resolution", "generation", "side", "breaks"];
const NOTHING = { type: "FeatureCollection", features: [] };

/**
 * Adds the cells of two periods below the layer `above`, and keeps them up to date with the state while its layer is
 * "difference". They show the difference, or with both maps beside each other the events of one period: the state's, or
 * the other one where `isOther`. `tell(reason, problem)` hears why nothing is shown: the reason of `fetchDifference`,
 * or "failed".
 *
 * Returns the same as `addCells`.
 */
export function addDifference(map, state, above, { isOther = false, tell = () => {} } = {}) {
  map.addSource(SOURCE, { type: "geojson", data: NOTHING, promoteId: "h3_index" });
  const add = (id, type, paint) => map.addLayer({ id, type, source: SOURCE, paint }, above);
  add(FILL, "fill", {});
  add(EDGE, "line", { "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1.25, 16, 2] });
  add(HOVER, "line", { "line-width": ["case", ["boolean", ["feature-state", "hover"], false], 2, 0] });
  let shown = null; // the features on the map
  let running = null;
  let hovered = null;
  let isGone = false; // the map was removed: the state goes on without it
  map.on("remove", () => { isGone = true; });

  const key = (values) => JSON.stringify(KEYS.map((each) => values[each]));
  state.on(KEYS, () => settled());
  paint();

  function settled() {
    return (running ??= follow().finally(() => { running = null; }));
  }

  async function follow() {
    for (let done = null; !isGone && done !== key(state.get());) {
      const values = state.get();
      done = key(values);
      const features = values.layer === "difference" ? await read(values) : [];
      if (!isGone) await show(features);
    }
  }

  async function read(values) {
    try {
      const { features, reason } = await fetchDifference(values);
      tell(reason);
      return features;
    } catch (problem) {
      tell("failed", problem);
      return [];
    }
  }

  async function show(features) {
    if (features === shown || (features.length === 0 && shown === null)) return paint();
    shown = features;
    hover(null);
    map.getSource(SOURCE).setData({ type: "FeatureCollection", features });
    paint();
    // A map that is removed meanwhile is never drawn.
    await Promise.race([drawn(map), new Promise((resolve) => map.once("remove", resolve))]);
  }

  function paint() {
    if (isGone) return;
    const { fill, opacity } = lookOfDifference(state.get(), isOther);
    map.setPaintProperty(FILL, "fill-color", fill);
    map.setPaintProperty(FILL, "fill-opacity", opacity);
    map.setPaintProperty(EDGE, "line-color", colour("--map-paper"));
    map.setPaintProperty(HOVER, "line-color", colour("--ink"));
  }

  function hover(cell) {
    if (cell === hovered) return;
    const mark = (id, on) => map.setFeatureState({ source: SOURCE, id }, { hover: on });
    if (hovered) mark(hovered, false);
    hovered = cell;
    if (hovered) mark(hovered, true);
  }

  return {
    settled,
    hover,
    paint,
    cells: (point) => map.queryRenderedFeatures(point, { layers: [FILL] }),
    retry: () => {
      shown = null;
      settled();
    },
    owns: (source) => source === SOURCE,
  };
}
