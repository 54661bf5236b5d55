import { unwrapped } from "../lib/box.js";
import { element } from "../lib/element.js";
import { text } from "../lib/text.js";
import { onTheme } from "../lib/theme.js";
import { addButtons } from "../map/buttons.js";
import { BORDERS } from "../map/cells.js";
import { createMap } from "../map/create.js";
import { creditBasemap, dress, repaint } from "../map/dress.js";
import { startPicking } from "../map/pick.js";
import { snapshot } from "../map/picture.js";
import { areaPaint, legend, pointPaint } from "./marks.js";
import { sum } from "./places.js";

const POINTS = "spending-points";
const AREAS = "spending-areas";
const NO_PADDING = { top: 0, right: 0, bottom: 0, left: 0 };
const FRAME = 40; // px around the places
const NEAR = 4; // px from a point at which it is meant
const DEEPEST = 14; // zoom of the box of a single place

/**
 * Draws places and areas with what was spent there. `tell(row)` is called with what was picked, and `fail()` when
 * tiles could not be loaded. Returns `show(found)`, which resolves when the map is drawn.
 */
export function startMap(state, money, { tell, fail }) {
  const container = document.getElementById("map");
  let current = null; // {map, dataset, layer, of, template, ready}
  const { promise: isCreated, resolve: created } = Promise.withResolvers();
  let found = null;

  function create() {
    current?.map.remove();
    container.replaceChildren();
    const { tileJSON, dataset, basemap, layer } = found;
    const map = createMap(container, tileJSON, state.get().view, NO_PADDING, () => false);
    addButtons(map, tileJSON.hextant.bounds);
    const loaded = new Promise((resolve) => map.once("load", resolve));
    const made = { map, dataset, layer, of: found.of, template: tileJSON.tiles[0] };
    made.ready = loaded.then(() => build(made, tileJSON, basemap));
    current = made;
    created();
    // The map is a part of a page that is scrolled.
    map.cooperativeGestures.enable();
    map.getCanvas().setAttribute("aria-label", text("spending.places.map"));
    creditBasemap(basemap);
    map.on("error", fail);
    map.on("moveend", ({ originalEvent }) => {
      if (!originalEvent) return;
      const { lng, lat } = map.getCenter().wrap();
      state.set({ view: { zoom: map.getZoom(), lat, lng } });
    });
    if (!state.get().view) fit();
    return made;
  }

  /** Adds what belongs to a new map. */
  function build({ map, dataset, layer, template }, tileJSON, basemap) {
    dress(map, { bounds: tileJSON.hextant.bounds, dataset }, { basemap, areas: layer });
    // The box around all places says nothing.
    ["bounds-line", "bounds-fill"].filter((each) => map.getLayer(each)).forEach((each) => map.removeLayer(each));
    if (layer) map.addLayer({ id: AREAS, type: "fill", source: BORDERS, "source-layer": "areas" }, BORDERS);
    map.addSource(POINTS, { type: "vector", tiles: [template], maxzoom: tileJSON.maxzoom });
    map.addLayer({
      id: POINTS, type: "circle", source: POINTS, "source-layer": "spending", filter: [">", ["get", "count"], 0],
      // Small ones above large ones.
      layout: { "circle-sort-key": ["-", 0, ["abs", ["get", "total"]]] },
    });
    startPicking(map, { cells: pick, hover: () => {} }, {
      onPlace: ({ properties }) => tell(rowOf(properties)), onNothing: () => {},
      describe: (properties) => [sum(rowOf(properties), money())],
    });
  }

  /** What is drawn at a point of the screen and is in the list, the topmost first. */
  function pick({ x, y }) {
    const box = found.shape === "points" ? [[x - NEAR, y - NEAR], [x + NEAR, y + NEAR]] : [[x, y], [x, y]];
    const layers = [found.shape === "points" ? POINTS : AREAS].filter((each) => current.map.getLayer(each));
    return current.map.queryRenderedFeatures(box, { layers }).filter(({ properties }) => rowOf(properties));
  }

  /** The row with the exact sums; tiles have floating-point numbers. */
  function rowOf({ key, id }) {
    return found.shape === "points" ? found.byKey.get(key) && { ...found.byKey.get(key), of: found.of }
      : found.byKey.get(id);
  }

  function fit() {
    const [west, south, east, north] = unwrapped(found.tileJSON.hextant.bounds);
    current.map.fitBounds([[west, south], [east, north]], { padding: FRAME, maxZoom: DEEPEST, animate: false });
  }

  function paint() {
    const { map } = current;
    const isPoints = found.shape === "points";
    const show = (layer, isShown) => map.setLayoutProperty(layer, "visibility", isShown ? "visible" : "none");
    const apply = (layer, values) => {
      for (const [name, value] of Object.entries(values)) map.setPaintProperty(layer, name, value);
    };
    show(POINTS, isPoints);
    if (isPoints) apply(POINTS, pointPaint(found.rows));
    if (!map.getLayer(AREAS)) return;
    const areas = isPoints ? null : areaPaint(found);
    show(AREAS, areas !== null);
    if (areas) apply(AREAS, areas);
  }

  async function show(value) {
    found = value;
    const made = current?.dataset === value.dataset && current.layer === value.layer ? current : create();
    await made.ready;
    if (current !== made || found !== value) return;
    const [template] = value.tileJSON.tiles;
    if (made.template !== template) made.map.getSource(POINTS).setTiles([template]);
    made.template = template;
    if (made.of !== value.of && !state.get().view) fit();
    made.of = value.of;
    paint();
    document.getElementById("map-legend").replaceChildren(...legend(value, money()));
    await settled();
  }

  /** Waits until all tiles are drawn. A new map is idle once before it has layers. */
  async function settled() {
    await isCreated;
    await current.ready;
    const { map } = current;
    await new Promise((resolve) => {
      map.once("idle", resolve);
      map.triggerRepaint();
    });
  }

  state.on(["view"], ({ view }) => {
    if (!current || !found) return;
    if (!view) return fit();
    const { lng, lat } = current.map.getCenter().wrap();
    const isThere = Math.abs(current.map.getZoom() - view.zoom) < 0.01
      && Math.hypot(lng - view.lng, lat - view.lat) < 360 / 2 ** (view.zoom + 9);
    if (!isThere) current.map.jumpTo({ center: [view.lng, view.lat], zoom: view.zoom });
  });
  container.addEventListener("click", ({ target }) => {
    if (target.closest(".reset-view")) state.set({ view: null });
  });
  onTheme(() => {
    if (!current?.map.getLayer(POINTS)) return;
    repaint(current.map);
    paint();
  });
  startPaper(() => current?.map);

  // For the console and for tests.
  const drawnOf = (layer) => current.map.queryRenderedFeatures({ layers: [layer] }).map(({ properties }) => properties);
  window.hextant = {
    get map() { return current.map; }, settled, points: () => drawnOf(POINTS), areas: () => drawnOf(AREAS),
  };
  return { show };
}

/** Puts a picture of the map in its place while the page is printed, because a canvas prints empty. */
function startPaper(map) {
  const picture = element("img", { class: "paper-map", alt: "" });
  addEventListener("beforeprint", () => {
    if (!map()) return;
    picture.src = snapshot([map()]);
    map().getContainer().before(picture);
  });
  addEventListener("afterprint", () => picture.remove());
}
