import { element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { createPlaces } from "../lib/places.js";
import { factsOf, statusOf, titleOf, topFeatures } from "../panels/ranking.js";
import { startWidget } from "./frame.js";

const USUAL = 5;
const MOST = 20;

startWidget(async (state, { hextant }) => {
  const values = state.get();
  const asked = Number(new URLSearchParams(location.search).get("count") ?? USUAL);
  const count = Number.isInteger(asked) && asked >= 1 && asked <= MOST ? asked : USUAL;
  const told = await topFeatures(values, count);
  const place = createPlaces(hextant.areas, values.dataset);
  document.getElementById("widget-content").replaceChildren(
    element("h2", { text: titleOf(values) }),
    element("p", { class: "hint", text: statusOf(values, told) }),
    element("ol", { class: "hotspot-list" }, ...told.features.map((each, index) => entry(each, index, values, place))),
  );
});

function entry({ geometry, properties }, index, state, place) {
  const { value, facts, badge, mark } = factsOf(properties, state);
  const name = element("span", { class: "hotspot-place", text: properties.name ?? "…" });
  if (geometry) place(geometry, properties.area).then((found) => { name.textContent = found; });
  return element("li", { class: "hotspot", "data-level": mark },
    element("span", { class: "hotspot-rank", text: asWhole(index + 1) }), name,
    element("span", { class: "hotspot-score", text: value }), element("span", { class: "hotspot-facts", text: facts }),
    badge && element("span", { class: "badge", text: badge }));
}
