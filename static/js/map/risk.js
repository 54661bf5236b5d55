import { addSide, figuresOf, filterSide, layersOf, paintSide } from "./side.js";
import { createWindow, DAYS_AT_ONCE } from "./window.js";

const SIDES = ["risk-a", "risk-b"];
const ABOVE = "selection-halo";

/**
 * Adds the risk cells of the state's day and keeps them up to date with the state.
 *
 * There are two sides, each a source with its layers. MapLibre empties a source when the URL of its tiles changes, so
 * the next cells are loaded on the hidden side, below the opaque ground, and then shown at once: cells never flicker.
 * While days are played, one tile contains many of them, and the next day only changes the paint.
 *
 * Returns `prefetched(day)`, the tile template to request before that day is played, or null if its tiles are loaded;
 * `settled()`, a promise that resolves when the map shows the state; `cells(point)`, the features drawn at a pixel or,
 * without one, in the whole view; `hover(cell)`; `paint()`, which applies the current theme; `retry()`, which requests
 * the tiles again; and `owns(source)`.
 */
export function addRisk(map, tileJSON, state) {
  const { first_day: first, last_day: last, thresholds } = tileJSON.hextant;
  const choose = createWindow(tileJSON.tiles[0], first, last);
  const wanted = () => choose(state.get());
  const below = map.getLayersOrder()[0];
  let [front, back] = SIDES;
  let shown = wanted();
  const columns = new Map(SIDES.map((side) => [side, shown.column]));
  let running = null;
  let hovered = null;

  for (const side of SIDES) addSide(map, side, { ...tileJSON, tiles: [shown.address] }, ABOVE);
  setVisible(map, back, false);
  const paint = () => SIDES.forEach((side) => paintSide(map, side, figures(side)));
  const filter = () => SIDES.forEach((side) => filterSide(map, side, state.get(), figures(side)));
  paint();
  filter();
  state.on(["levels", "anomalies"], filter);
  state.on(["date", "resolution", "playing", "anomalies"], settled);
  // MapLibre draws nothing after a tile that failed, and without a drawing there is no "idle" to wait for.
  map.on("error", () => map.triggerRepaint());

  function figures(side) {
    return figuresOf(columns.get(side), thresholds);
  }

  function settled() {
    return (running ??= follow());
  }

  // Days passed over while one is loading are skipped.
  async function follow() {
    await drawn(map);
    for (let next = wanted(); next.address !== shown.address || next.column !== shown.column; next = wanted()) {
      const isLoaded = next.address === shown.address;
      shown = next;
      const side = isLoaded ? front : back;
      columns.set(side, shown.column);
      if (!isLoaded) map.getSource(back).setTiles([shown.address]);
      paintSide(map, side, figures(side));
      filterSide(map, side, state.get(), figures(side));
      if (!isLoaded) {
        layersOf(back).forEach((layer) => map.moveLayer(layer, below));
        setVisible(map, back, true);
        await drawn(map);
        turn();
      }
      await drawn(map);
    }
    running = null;
  }

  /** The tile template of another day, without showing that day. */
  function prefetched(day) {
    const { address } = createWindow(tileJSON.tiles[0], first, last)({ ...state.get(), date: day });
    if (shown.column === null) return state.get().playing && !state.get().anomalies ? null : address;
    const next = Number(shown.column.slice(1)) + 1;
    return next < DAYS_AT_ONCE ? null : address;
  }

  function turn() {
    hover(null);
    layersOf(back).forEach((layer) => map.moveLayer(layer, ABOVE));
    setVisible(map, front, false);
    [front, back] = [back, front];
  }

  function hover(cell) {
    if (cell === hovered) return;
    const mark = (id, on) => map.setFeatureState({ source: front, sourceLayer: "risk", id }, { hover: on });
    if (hovered) mark(hovered, false);
    hovered = cell;
    if (hovered) mark(hovered, true);
  }

  return {
    prefetched,
    settled,
    hover,
    paint,
    cells: (point) => map.queryRenderedFeatures(point, { layers: layersOf(front).slice(0, 1) }),
    retry: () => map.getSource(front).setTiles([shown.address]),
    owns: (source) => SIDES.includes(source),
  };
}

/** Resolves after the next drawing when nothing is moving, loading or waiting to be drawn. */
function drawn(map) {
  return new Promise((resolve) => {
    map.once("idle", resolve);
    map.triggerRepaint();
  });
}

/** A hidden side requests no tiles. */
function setVisible(map, side, visible) {
  for (const layer of layersOf(side)) map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
}
