import { addSide, layersOf, paintSide, filterSide } from "./side.js";

const SIDES = ["risk-a", "risk-b"];
const ABOVE = "selection-halo";

/**
 * Adds the risk cells of the state's day and keeps them at the state.
 *
 * There are two sides, each a source with its layers. MapLibre empties a source when its tiles' address changes, so the
 * next day is loaded on the hidden side, below the opaque ground, and turned up whole: the cells never flicker.
 *
 * Returns `url(date, resolution)`, the tile template; `settled()`, a promise kept once the map shows what the state says;
 * `cells(point)`, the features drawn at a pixel or, without one, in the whole view; `hover(cell)`; `paint()`, which
 * applies the present theme; `retry()`, which asks for the tiles again; and `owns(source)`.
 */
export function addRisk(map, tileJSON, state) {
  const url = tileAddress(tileJSON.tiles[0]);
  const wanted = () => url(state.get().date, state.get().resolution);
  const below = map.getLayersOrder()[0];
  let [front, back] = SIDES;
  let shown = wanted();
  let running = null;
  let hovered = null;

  for (const side of SIDES) addSide(map, side, { ...tileJSON, tiles: [shown] }, ABOVE);
  setVisible(map, back, false);
  const paint = () => SIDES.forEach((side) => paintSide(map, side));
  const filter = () => SIDES.forEach((side) => filterSide(map, side, state.get()));
  paint();
  filter();
  state.on(["levels", "anomalies"], filter);
  state.on(["date", "resolution"], settled);
  // MapLibre draws nothing after a tile that failed, and without a drawing there is no "idle" to wait for.
  map.on("error", () => map.triggerRepaint());

  function settled() {
    return (running ??= follow());
  }

  // Days passed over while one is loading are skipped.
  async function follow() {
    await drawn(map);
    while (shown !== wanted()) {
      shown = wanted();
      map.getSource(back).setTiles([shown]);
      layersOf(back).forEach((layer) => map.moveLayer(layer, below));
      setVisible(map, back, true);
      await drawn(map);
      turn();
      await drawn(map);
    }
    running = null;
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
    url,
    settled,
    hover,
    paint,
    cells: (point) => map.queryRenderedFeatures(point, { layers: layersOf(front).slice(0, 1) }),
    retry: () => map.getSource(front).setTiles([shown]),
    owns: (source) => SIDES.includes(source),
  };
}

/** Kept after the next drawing at which nothing is moving, loading or waiting to be drawn. */
function drawn(map) {
  return new Promise((resolve) => {
    map.once("idle", resolve);
    map.triggerRepaint();
  });
}

/** A hidden side asks for no tiles. */
function setVisible(map, side, visible) {
  for (const layer of layersOf(side)) map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
}

/** The template's query may be there already: TileJSON gives it with the dataset. */
function tileAddress(template) {
  return (date, resolution) => {
    const address = `${template}${template.includes("?") ? "&" : "?"}date=${date}`;
    return resolution === null ? address : `${address}&resolution=${resolution}`;
  };
}
