import { address } from "../lib/api.js";
import { areaQuery, fetchAreas } from "../lib/areas.js";
import { factorOf } from "../lib/measures.js";
import { colour } from "../lib/theme.js";
import { BORDERS, drawn, loaded } from "./cells.js";
import { lookOfAreas } from "./figures.js";
import { drawHatch, HATCH } from "./hatch.js";

const SIDES = ["areas-a", "areas-b"];
const TILE_LAYER = "areas";
const DEEPEST = 14;
const KEYS = ["layer", "date", "period", "kinds", "measure", "generation", "breaks"];

/**
 * Adds the areas of the dataset's layer below the layer `above`, coloured by the state's measure, and keeps them up to
 * date with the state while its layer is "areas". `tell(reason, problem)` hears null, or "failed" and why.
 *
 * There are two sides, each a source with its layers, as for cells: the next areas are loaded unseen on the one while
 * the other stays. Areas are outlined here, so the borders that lie over cells are put away meanwhile.
 *
 * Returns the same as `addCells`, and `isPending()`, whether nothing was drawn yet.
 */
export function addAreas(map, state, above, { tell = () => {} } = {}) {
  let [front, back] = SIDES;
  let shown = null; // {template, generation} of the front
  let look = null; // what the front is painted by: a measure, and what is told of the areas
  let running = null;
  let hovered = null;
  let isGone = false; // the map was removed: the state goes on without it
  map.on("remove", () => { isGone = true; });

  const isWanted = () => state.get().layer === "areas";
  const key = (values) => JSON.stringify(KEYS.map((each) => values[each]));
  state.follow(["layer"], () => {
    if (map.getLayer(BORDERS)) setVisible(map, [BORDERS], !isWanted());
    if (shown) setVisible(map, layersOf(front), isWanted());
    if (!isWanted()) hover(null);
  });
  state.on(KEYS, () => settled());

  function settled() {
    return (running ??= follow().finally(() => { running = null; }));
  }

  // What is passed over while areas are loading is skipped.
  async function follow() {
    for (let done = null; !isGone && isWanted() && done !== key(state.get());) {
      const values = state.get();
      done = key(values);
      const told = await read(values);
      if (!told || isGone) continue;
      look = { values, told };
      const next = { template: templateOf(values), generation: values.generation };
      if (next.template === shown?.template && next.generation === shown.generation) paint();
      else await load(next);
      await orGone(drawn(map));
    }
  }

  async function read(values) {
    try {
      const told = await fetchAreas(values);
      tell(null);
      return told;
    } catch (problem) {
      tell("failed", problem);
      return null;
    }
  }

  async function load(next) {
    if (map.getSource(back)) map.getSource(back).setTiles([next.template]);
    else add(back, next.template);
    unseen(back);
    setVisible(map, layersOf(back), true);
    await orGone(loaded(map, back));
    if (isGone) return;
    hover(null);
    [front, back] = [back, front];
    shown = next;
    paint();
    setVisible(map, layersOf(front), isWanted());
    if (map.getSource(back)) setVisible(map, layersOf(back), false);
  }

  function add(side, template) {
    if (!map.hasImage(HATCH)) drawHatch(map);
    map.addSource(side, { type: "vector", tiles: [template], maxzoom: DEEPEST, promoteId: { [TILE_LAYER]: "id" } });
    const [fill, none, edge, mark] = layersOf(side);
    const layer = (id, type, paint) => {
      map.addLayer({ id, type, source: side, "source-layer": TILE_LAYER, paint }, above);
    };
    layer(fill, "fill", {});
    layer(none, "fill", { "fill-pattern": HATCH });
    layer(edge, "line", { "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.75, 12, 1.5, 16, 2] });
    layer(mark, "line", { "line-width": ["case", ["boolean", ["feature-state", "hover"], false], 2.5, 0] });
  }

  /** Tiles of layers that are not visible are not loaded, so those of the hidden side are clear instead. */
  function unseen(side) {
    const [fill, none, edge, mark] = layersOf(side);
    for (const each of [fill, none]) map.setPaintProperty(each, "fill-opacity", 0);
    for (const each of [edge, mark]) map.setPaintProperty(each, "line-opacity", 0);
  }

  function paint() {
    if (isGone || !shown || !look) return;
    const { told, values: { measure } } = look;
    const { fill, opacity, figured } = lookOfAreas(state.get(), measure, told.rows, factorOf(measure, told));
    const [fills, none, edge, mark] = layersOf(front);
    map.setFilter(fills, figured);
    map.setFilter(none, ["!", figured]);
    map.setPaintProperty(fills, "fill-color", fill);
    map.setPaintProperty(fills, "fill-opacity", opacity);
    map.setPaintProperty(none, "fill-opacity", 1);
    map.setPaintProperty(edge, "line-color", colour("--map-bounds"));
    map.setPaintProperty(mark, "line-color", colour("--ink"));
    for (const each of [edge, mark]) map.setPaintProperty(each, "line-opacity", 1);
  }

  function hover(id) {
    if (id === hovered) return;
    const mark = (each, on) => {
      map.setFeatureState({ source: front, sourceLayer: TILE_LAYER, id: each }, { hover: on });
    };
    if (hovered !== null) mark(hovered, false);
    hovered = id;
    if (hovered !== null) mark(hovered, true);
  }

  /** The areas drawn, with the word of their trend, which tiles do not have. */
  function cells(point) {
    if (!shown) return [];
    const words = new Map(look.told.rows.map((row) => [row.id, row.trend]));
    const found = map.queryRenderedFeatures(point, { layers: layersOf(front).slice(0, 2) });
    for (const { properties } of found) properties.trend = words.get(properties.id) ?? null;
    return found;
  }

  // A map that is removed meanwhile is never drawn.
  const orGone = (promise) => Promise.race([promise, new Promise((resolve) => map.once("remove", resolve))]);

  return {
    settled,
    hover,
    cells,
    paint: () => {
      if (map.hasImage(HATCH)) drawHatch(map);
      paint();
    },
    retry: () => {
      shown = null;
      settled();
    },
    owns: (source) => SIDES.includes(source),
    isPending: () => shown === null,
  };
}

/** The layers of a side from the lowest up: areas with and without a figure, their edges, and the area pointed at. */
function layersOf(side) {
  return [`${side}-fill`, `${side}-none`, `${side}-edge`, `${side}-hover`];
}

/** The tiles that show the state; without figures for a reader who may not know them. */
function templateOf(state) {
  const { areas, dataset, isExact, measure } = state;
  const query = isExact ? { ...areaQuery(state), figure: measure } : { dataset, figure: "none" };
  // The braces of a template must stay as they are.
  const path = address(`v1/tiles/areas/${encodeURIComponent(areas)}`, {}).href;
  return `${path}/{z}/{x}/{y}.mvt?${new URLSearchParams(query)}`;
}

function setVisible(map, layers, visible) {
  for (const layer of layers) map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
}
