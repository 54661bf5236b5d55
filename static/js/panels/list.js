import { cellWidth } from "../lib/cells.js";
import { period } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { factsOf, topFeatures } from "./ranking.js";

const LIMIT = 20;
const QUIET = 350; // ms without another change before the list is requested
const KEYS = [
  "layer", "date", "period", "compare", "kinds", "levels", "classes", "resolution", "shownResolution", "playing",
  "generation",
];

/**
 * The list of the cells that matter most on the map: of its period, size of cells and filters.
 * `onCell({cell, geometry, opener})` is called for a chosen cell, `place(geometry)` resolves with a name for it. Not
 * refreshed while playing: a list that changes twice a second cannot be read.
 */
export function startList(state, { onCell, place }) {
  const list = document.getElementById("hotspots");
  const status = document.getElementById("hotspots-status");
  let timer = 0;
  let request = new AbortController();

  async function load() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const values = state.get();
    document.getElementById("hotspots-title").textContent = text(`list.${values.layer}`);
    try {
      const { from, to, resolution, features } = await topFeatures(values, LIMIT, signal);
      const told = { period: period(from, to), width: cellWidth(resolution), resolution };
      status.textContent = text(features.length === 0 ? "list.empty" : "list.status", told);
      list.replaceChildren(...features.map((feature, index) => entry(feature, index, values, onCell, place)));
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

function entry({ geometry, properties }, index, state, onCell, place) {
  const { value, facts, badge, mark } = factsOf(properties, state);
  const name = element("span", { class: "hotspot-place", text: "…" });
  place(geometry, properties.area).then((found) => { name.textContent = found; });
  const made = element("button", {
    type: "button", class: "hotspot", "data-cell": properties.h3_index, "data-level": mark,
    on: { click: () => onCell({ cell: properties.h3_index, geometry, opener: made }) },
  },
  element("span", { class: "hotspot-rank", text: asWhole(index + 1) }), name,
  element("span", { class: "hotspot-score", text: value }),
  element("span", { class: "hotspot-facts", text: facts }),
  badge && element("span", { class: "badge", text: badge }));
  return element("li", {}, made);
}
