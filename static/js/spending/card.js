import { square } from "../charts/square.js";
import { table, withTable } from "../charts/table.js";
import { shortDay } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asPercent, asTwo, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { featureName } from "./words.js";

const DRIFTED = 0.25; // population stability index above which what comes in is not what the model learned from
const LIMITS = { types: ["meaning", "vendors", "time", "persons"], clusters: ["meaning", "scale", "time"] };
const SHARES = ["accuracy", "balanced_accuracy"];

/** The cards of the active models: what each was made from, how good it is, and what it cannot tell. */
export function drawCards({ types, clusters }, money) {
  const cards = [types && card("types", types, money), clusters && card("clusters", clusters, money)].filter(Boolean);
  return cards.length === 0 ? text("spending.noModels") : [element("div", { class: "model-cards" }, ...cards)];
}

function card(kind, model, money) {
  const facts = [
    ["version", model.version], ["trained", shortDay(model.trained.slice(0, 10))], ["library", model.library],
    ["window", days(model.learned)], ["rows", asWhole(model.rows)], ["tested", days(model.tested)],
    ["threshold", model.threshold === null ? null : money.exact(model.threshold)],
    ["features", model.features.map(featureName).join(", ")],
  ].filter(([, value]) => value);
  return element("article", { class: "model-card" },
    element("h3", { text: text(`spending.model.${kind}`) }),
    element("p", { class: "hint", text: text(`spending.model.${kind}.what`) }),
    element("dl", { class: "facts" }, ...facts.flatMap(([key, value]) => [
      element("dt", { text: text(`spending.model.${key}`) }), element("dd", { text: value }),
    ])),
    drift(model.drift),
    measures(kind, model.measures),
    model.calibration.length > 0 ? calibration(model.calibration) : null,
    element("h4", { text: text("spending.model.limits") }),
    element("ul", { class: "limits" }, ...LIMITS[kind].map((each) => element("li", {
      text: text(`spending.limit.${kind}.${each}`),
    }))));
}

const days = (window) => window && text("spending.window", {
  from: shortDay(window.from), to: shortDay(window.to),
});

/** Whether what comes in is still what the model learned from. */
function drift(found) {
  if (!found) return null;
  const { index, day } = found;
  const key = index === null ? "few" : index > DRIFTED ? "much" : "little";
  return element("p", { class: key === "much" ? "fault" : "hint", text: text(`spending.drift.${key}`, {
    value: index === null ? "" : asTwo(index), day: shortDay(day),
  }) });
}

/** The measures beside those of the majority's answer and of other models, as far as there are any. */
function measures(kind, rows) {
  if (rows.length === 0) return null;
  const rivals = [...new Set(rows.flatMap(({ rivals: each }) => Object.keys(each)))];
  const written = (name, value) => (typeof value !== "number" ? "–"
    : SHARES.includes(name) ? asPercent(value) : asTwo(value));
  const head = ["measure", "own"].map((each) => text(`spending.${each}`));
  const shown = rows.map(({ name, value, rivals: each }) => [
    text(`spending.measure.${name}`) || name, written(name, value),
    ...rivals.map((rival) => written(name, each[rival])),
  ]);
  const others = rivals.map((each) => text(`spending.rival.${each}`) || each);
  return element("div", { class: "wide-table", tabindex: "0", role: "group", "aria-label": text("spending.measures") },
    table(text(`spending.measures.${kind}`), [...head, ...others], shown));
}

/** Forecast chances against the share that came true, in ten bins. */
function calibration(bins) {
  const label = text("spending.calibration.label");
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const chart = square({
    points: bins.filter(({ count }) => count > 0)
      .map(({ said, seen, count }) => [said, seen, Math.sqrt(count / most)]),
    label, horizontal: text("spending.calibration.x"), vertical: text("spending.calibration.y"),
  });
  return withTable(chart, label, ["said", "seen", "payments"].map((each) => text(`spending.${each}`)),
    () => bins.map(({ said, seen, count }) => [asPercent(said), count > 0 ? asPercent(seen) : "–", asWhole(count)]));
}
