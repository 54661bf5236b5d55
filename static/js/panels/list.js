import { element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { factsOf, statusOf, titleOf, topFeatures } from "./ranking.js";

const LIMIT = 20;
const QUIET = 350; // ms without another change before the list is requested
const KEYS = [
  "layer", "date", "period", "compare", "kinds", "levels", "classes", "resolution", "shownResolution", "measure",
  "playing", "generation",
];

/**
 * The list of the cells or areas that matter most on the map: of its period, size of cells and filters.
 * `onCell({cell, geometry, opener})` is called for a chosen cell, `onArea({area, name, opener})` for an area;
 * `place(geometry)` resolves with a name for a cell. Not refreshed while playing: a list that changes twice a second
 * cannot be read.
 */
export function startList(state, { onCell, onArea, place }) {
  const list = document.getElementById("hotspots");
  const status = document.getElementById("hotspots-status");
  let timer = 0;
  let request = new AbortController();

  async function load() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const values = state.get();
    document.getElementById("hotspots-title").textContent = titleOf(values);
    try {
      const told = await topFeatures(values, LIMIT, signal);
      // Areas are asked for together with the map, without a request of this list's own to end.
      if (signal.aborted) return;
      status.textContent = statusOf(values, told);
      const make = values.layer === "areas" ? areaEntry(values, onArea) : cellEntry(values, onCell, place);
      list.replaceChildren(...told.features.map(make));
    } catch (problem) {
      if (problem.name === "AbortError") return;
      status.textContent = text("list.failed", { reason: problem.message });
      list.replaceChildren();
    }
  }

  const soon = ({ playing }) => {
    clearTimeout(timer);
    if (!playing) timer = setTimeout(load, QUIET);
  };
  state.on(KEYS, soon);
  load();
}

function cellEntry(state, onCell, place) {
  return ({ geometry, properties }, index) => {
    const name = element("span", { class: "hotspot-place", text: "…" });
    place(geometry, properties.area).then((found) => { name.textContent = found; });
    const cell = properties.h3_index;
    const choose = (opener) => onCell({ cell, geometry, opener });
    return entry(properties, index, state, { name, choose, attributes: { "data-cell": cell } });
  };
}

function areaEntry(state, onArea) {
  return ({ properties }, index) => {
    const { id, name } = properties;
    const choose = (opener) => onArea({ area: id, name, opener });
    const shown = element("span", { class: "hotspot-place", text: name });
    return entry(properties, index, state, { name: shown, choose, attributes: { "data-area": id } });
  };
}

function entry(properties, index, state, { name, choose, attributes }) {
  const { value, facts, badge, mark } = factsOf(properties, state);
  const made = element("button", {
    type: "button", class: "hotspot", "data-level": mark, ...attributes, on: { click: () => choose(made) },
  },
  element("span", { class: "hotspot-rank", text: asWhole(index + 1) }), name,
  element("span", { class: "hotspot-score", text: value }),
  element("span", { class: "hotspot-facts", text: facts }),
  badge && element("span", { class: "badge", text: badge }));
  return element("li", {}, made);
}
