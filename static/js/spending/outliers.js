import { digits } from "../charts/digits.js";
import { withTable } from "../charts/table.js";
import { shortDay } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asBrief, asOne, asPercent, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { few } from "./few.js";

const SHOWN = 8;
const SURPRISING = 0.05;

/** Payments that are far from what is usual in their department and account, each with its reason; first digits. */
export function drawOutliers({ items, digits: found }, money) {
  const list = items.length === 0
    ? [element("p", { class: "hint", text: text("spending.noOutliers") })]
    : few(items, (shown) => element("ol", { class: "outliers", tabindex: "-1" },
      ...shown.map((each) => outlier(each, money))), SHOWN);
  const hint = element("p", { class: "hint", text: text("spending.outliers.hint") });
  return [hint, ...list, found.count > 0 ? benford(found) : null];
}

function outlier({ vendor, entered, department, account, amount, z, usual, compared }, money) {
  const place = [department, account].filter(Boolean).join(" · ");
  // Only amounts above zero are judged.
  const times = z < 0 ? usual / amount : amount / usual;
  const reason = text(`spending.reason.${z < 0 ? "small" : "large"}`, {
    times: asBrief(times), usual: money.exact(usual), number: asWhole(compared), z: asOne(z),
  });
  return element("li", {},
    element("div", { class: "outlier-head" },
      element("strong", { text: vendor || text("spending.unnamed") }),
      element("strong", { class: "amount", text: money.exact(amount) })),
    element("p", { class: "hint", text: [entered && shortDay(entered), place].filter(Boolean).join(" · ") }),
    element("p", { text: reason }));
}

function benford({ count, p, conformity, rows }) {
  const label = text("spending.digits.label", { number: asWhole(count) });
  const word = conformity !== "none" ? "conform" : p < SURPRISING ? "differ" : "unclear";
  return element("div", { class: "benford" },
    element("h3", { text: text("spending.digits") }),
    element("p", { text: text(`spending.digits.${word}`, { number: asWhole(count) }) }),
    withTable(digits(label, rows), label, ["digit", "observed", "expected"].map((each) => text(`spending.${each}`)),
      () => rows.map(([digit, share, expected]) => [String(digit), asPercent(share), asPercent(expected)])));
}
