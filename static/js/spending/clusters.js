import { button, element } from "../lib/element.js";
import { asOne, asWhole } from "../lib/format.js";
import { formatter, text } from "../lib/text.js";
import { featureName } from "./words.js";

const list = formatter(Intl.ListFormat);
const MOST_WORDS = 3;
const CLEAR = 0.5; // standard deviations from the mean of all departments, from which a difference is told

/** Groups of departments that spend alike, each told by what sets it apart. */
export function drawClusters(model, state) {
  if (!model || model.clusters.length === 0) return text("spending.noClusters");
  const known = model.clusters.map((each, index) => cluster(each, index, state));
  return [
    element("p", { class: "hint", text: text("spending.clusters.hint", { number: asWhole(known.length) }) }),
    element("ol", { class: "clusters" }, ...known),
  ];
}

function cluster({ members, differences }, index, state) {
  const clear = differences.filter(({ value }) => Math.abs(value) >= CLEAR).slice(0, MOST_WORDS);
  const words = clear.map(({ feature, value }) => text(value > 0 ? "spending.more" : "spending.less", {
    feature: featureName(feature), number: asOne(Math.abs(value)),
  }));
  const sentence = words.length === 0
    ? text("spending.cluster.usual") : text("spending.cluster.differs", { differences: list().format(words) });
  return element("li", {},
    element("h3", { text: text("spending.cluster", {
      number: asWhole(index + 1), count: members.length, members: asWhole(members.length),
    }) }),
    element("p", { text: sentence }),
    element("ul", { class: "members" }, ...members.map((name) => element("li", {},
      button("name-button", name, () => state.set({ department: name }), { title: text("spending.choose") })))));
}
