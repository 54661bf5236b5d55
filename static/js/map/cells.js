import { TILE_LAYERS } from "../lib/choices.js";
import { lookOf } from "./looks.js";
import { addHover, addSide, layersOf, paintSide, removeSide } from "./side.js";
import { createWindow, DAYS_AT_ONCE } from "./window.js";

const SIDES = ["cells-a", "cells-b"];
/** The layer with the borders of areas, which stands above the cells. */
export const BORDERS = "area-borders";
/** The layer with the names of places, which stands above the borders. */
export const LABELS = "basemap-labels";
/** The lowest layer of the selection: cells and borders are drawn below it. */
export const BELOW_SELECTION = "selection-halo";
const KEYS = [
  "layer", "date", "period", "kinds", "resolution", "playing", "anomalies", "levels", "classes", "breaks", "generation",
];

/**
 * Adds the cells that the state asks for and keeps them up to date with it.
 *
 * There are two sides, each a source with its layers. MapLibre empties a source when the URL of its tiles changes, so
 * the next cells are loaded on the hidden side, below the opaque ground, and then shown at once: cells never flicker.
 * While days are played, one tile contains many of them, and the next day only changes the paint. The second side and
 * the outline of the cell pointed at are added when they are needed: the first cells do not wait for them.
 *
 * Returns `prefetched(day)`, the tile template to request before that day is played, or null if its tiles are loaded;
 * `settled()`, a promise that resolves when the map shows the state; `cells(point)`, the features drawn at a pixel or,
 * without one, in the whole view; `loaded()`, the features in the tiles of the view, which takes half as long;
 * `hover(cell)`; `paint()`, which applies the current theme; `retry()`, which requests the tiles again;
 * `owns(source)`; and `lowest()`, their lowest layer.
 */
export function addCells(map, tileJSON, state) {
  const { thresholds } = tileJSON.hextant;
  const choose = createWindow(tileJSON.tiles[0]);
  const below = map.getLayersOrder()[0];
  // Other layers are not made of these tiles: meanwhile everything stays as it is, and is not seen.
  const isElsewhere = () => !TILE_LAYERS.includes(state.get().layer);
  const wanted = () => {
    const values = state.get();
    return isElsewhere() ? shown : { ...choose(values), generation: values.generation };
  };
  let [front, back] = SIDES;
  let shown = firstShown();
  const contents = new Map([[front, shown]]);
  const painted = new Map();
  let running = null;
  let hovered = null;

  add(front);
  state.follow(["layer"], () => setVisible(map, front, !isElsewhere()));
  state.on(KEYS, settled);
  // MapLibre draws nothing after a tile that failed, and without a drawing there is no "idle" to wait for.
  map.on("error", () => map.triggerRepaint());

  function add(side) {
    const { address, sourceLayer } = contents.get(side);
    addSide(map, side, sourceLayer, { ...tileJSON, tiles: [address] }, above(map));
    paint(side);
  }

  function firstShown() {
    const values = state.get();
    return { ...choose(isElsewhere() ? { ...values, layer: "risk" } : values), generation: values.generation };
  }

  /** Paints a side as the state asks for, as long as it shows what the state's layer is about. */
  function paint(side) {
    const { column, sourceLayer } = contents.get(side);
    const values = state.get();
    if (isElsewhere() || (values.layer === "risk") !== (sourceLayer === "risk")) return;
    const look = lookOf(values, { column, thresholds, breaks: values.breaks });
    painted.set(side, JSON.stringify(look));
    paintSide(map, side, look);
  }

  function isPainted(side) {
    if (isElsewhere()) return true;
    const { column } = contents.get(side);
    const values = state.get();
    return painted.get(side) === JSON.stringify(lookOf(values, { column, thresholds, breaks: values.breaks }));
  }

  function settled() {
    return (running ??= follow());
  }

  // Days passed over while one is loading are skipped.
  async function follow() {
    if (map.isMoving() || !map.loaded()) await drawn(map);
    for (let next = wanted(); !isShown(next); next = wanted()) {
      const isLoaded = next.address === shown.address && next.generation === shown.generation;
      shown = next;
      if (isLoaded) {
        contents.set(front, next);
        paint(front);
      } else {
        await load(next);
        turn();
      }
      await drawn(map);
    }
    running = null;
  }

  function isShown({ address, column, generation }) {
    const same = address === shown.address && column === shown.column && generation === shown.generation;
    return same && isPainted(front);
  }

  /** Loads cells on the hidden side, below the ground. */
  async function load(next) {
    const before = contents.get(back);
    contents.set(back, next);
    if (before?.sourceLayer === next.sourceLayer) {
      map.getSource(back).setTiles([next.address]);
      paint(back);
    } else {
      if (before) removeSide(map, back);
      add(back);
    }
    layersOf(map, back).forEach((layer) => map.moveLayer(layer, below));
    setVisible(map, back, !isElsewhere());
    await loaded(map, back);
  }

  /** The tile template of another day, without showing that day. */
  function prefetched(day) {
    const { address } = createWindow(tileJSON.tiles[0])({ ...state.get(), date: day });
    if (shown.column === null) return state.get().playing && !state.get().anomalies ? null : address;
    const next = Number(shown.column.slice(1)) + 1;
    return next < DAYS_AT_ONCE ? null : address;
  }

  function turn() {
    hover(null);
    layersOf(map, back).forEach((layer) => map.moveLayer(layer, above(map)));
    setVisible(map, front, false);
    [front, back] = [back, front];
    setVisible(map, front, !isElsewhere());
    // The state may have changed its colours while the cells were loading.
    paint(front);
  }

  function hover(cell) {
    if (cell === hovered) return;
    const { sourceLayer } = contents.get(front);
    const mark = (id, on) => map.setFeatureState({ source: front, sourceLayer, id }, { hover: on });
    if (hovered) mark(hovered, false);
    hovered = cell;
    if (!hovered) return;
    addHover(map, front, sourceLayer);
    mark(hovered, true);
  }

  function atHand() {
    const { sourceLayer } = contents.get(front);
    return map.querySourceFeatures(front, { sourceLayer, filter: map.getFilter(lowest()), validate: false });
  }

  function lowest() {
    return layersOf(map, front)[0];
  }

  return {
    prefetched,
    settled,
    hover,
    paint: () => [...contents.keys()].forEach(paint),
    cells: (point) => map.queryRenderedFeatures(point, { layers: [lowest()] }),
    loaded: atHand,
    lowest,
    retry: () => map.getSource(front).setTiles([shown.address]),
    owns: (source) => SIDES.includes(source),
  };
}

/** The layer that cells are drawn below: borders of areas, names of places, the selection, or none yet. */
export function above(map) {
  return [BORDERS, LABELS, BELOW_SELECTION].find((layer) => map.getLayer(layer));
}

/** Resolves after the next drawing when nothing is moving, loading or waiting to be drawn. */
export function drawn(map) {
  return new Promise((resolve) => {
    map.once("idle", resolve);
    map.triggerRepaint();
  });
}

/** Resolves when the tiles of the view are loaded or have failed, drawn or not: drawing them unseen takes time. */
export function loaded(map, source) {
  return new Promise((resolve) => {
    // MapLibre asks for tiles when it draws, and tells of a source before it asks for its tiles.
    const look = () => queueMicrotask(() => {
      if (!map.isSourceLoaded(source)) return;
      for (const event of ["render", "sourcedata", "error"]) map.off(event, look);
      resolve();
    });
    map.once("render", () => {
      for (const event of ["render", "sourcedata", "error"]) map.on(event, look);
      look();
    });
    map.triggerRepaint();
  });
}

/** A hidden side requests no tiles. */
function setVisible(map, side, visible) {
  for (const layer of layersOf(map, side)) map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
}
