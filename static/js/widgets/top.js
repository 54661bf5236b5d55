import { cellWidth } from "../lib/cells.js";
import { period } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { createPlaces } from "../lib/places.js";
import { text } from "../lib/text.js";
import { factsOf, topFeatures } from "../panels/ranking.js";
import { startWidget } from "./frame.js";

const USUAL = 5;
const MOST = 20;

startWidget(async (state, { hextant }) => {
  const values = state.get();
  const asked = Number(new URLSearchParams(location.search).get("count") ?? USUAL);
  const count = Number.isInteger(asked) && asked >= 1 && asked <= MOST ? asked : USUAL;
  const { from, to, resolution, features } = await topFeatures(values, count);
  const place = createPlaces(hextant.areas, values.dataset);
  const told = { period: period(from, to), width: cellWidth(resolution), resolution };
  document.getElementById("widget-content").replaceChildren(
    element("h2", { text: text(`list.${values.layer}`) }),
    element("p", { class: "hint", text: text(features.length === 0 ? "list.empty" : "list.status", told) }),
    element("ol", { class: "hotspot-list" }, ...features.map((each, index) => entry(each, index, values, place))),
  );
});

function entry({ geometry, properties }, index, state, place) {
  const { value, facts, badge, mark } = factsOf(properties, state);
  const name = element("span", { class: "hotspot-place", text: "…" });
  place(geometry, properties.area).then((found) => { name.textContent = found; });
  return element("li", { class: "hotspot", "data-level": mark },
    element("span", { class: "hotspot-rank", text: asWhole(index + 1) }), name,
    element("span", { class: "hotspot-score", text: value }), element("span", { class: "hotspot-facts", text: facts }),
    badge && element("span", { class: "badge", text: badge }));
}
