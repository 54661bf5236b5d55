import { ranked } from "../charts/ranked.js";
import { square } from "../charts/square.js";
import { withTable } from "../charts/table.js";
import { element } from "../lib/element.js";
import { asBrief, asPercent, asTwo, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { few } from "./few.js";
import { concentration } from "./words.js";

const TABLE_STEPS = 10;

/** How the spending is spread over vendors: in words, as a Lorenz curve, and the largest vendors. */
export function drawVendors(found, state, money) {
  if (found.payments === 0) return text("spending.none");
  return [
    element("div", { class: "beside" },
      element("div", { class: "sentences" },
        ...sentences(found).map((line) => element("p", { text: line })), figures(found)),
      found.lorenz.length > 1 ? lorenz(found) : null),
    ...(found.top.length > 0 ? largest(found, state, money) : []),
  ];
}

function sentences({ count, leftOut, hhi, cr4, cr10, lorenz: curve }) {
  // Shares of a total that is not above zero mean nothing.
  if (hhi === null) return [text("spending.noShares")];
  const word = concentration(hhi);
  const lines = [text(`spending.hhi.${word}`, { hhi: asWhole(hhi), equal: asBrief(10_000 / Math.max(hhi, 1)) })];
  if (cr4 !== null && count > 4) lines.push(text("spending.cr", { four: asPercent(cr4), ten: asPercent(cr10) }));
  const tenth = shareOfLargest(curve, 0.1);
  if (tenth !== null && count >= 10) lines.push(text("spending.tenth", { share: asPercent(tenth) }));
  if (leftOut > 0) lines.push(text("spending.leftOut", { count: leftOut, number: asWhole(leftOut) }));
  return lines;
}

/** The share of amounts of the largest `part` of vendors, between two points of the curve if need be. */
function shareOfLargest(curve, part) {
  const at = 1 - part;
  const next = curve.findIndex(([x]) => x >= at);
  if (next <= 0) return null;
  const [[x0, y0], [x1, y1]] = [curve[next - 1], curve[next]];
  return 1 - (y0 + ((y1 - y0) * (at - x0)) / (x1 - x0 || 1));
}

function figures({ count, hhi, cr4, cr10, gini }) {
  const share = (value) => (value === null ? "–" : asPercent(value));
  const rows = [
    ["vendorCount", asWhole(count)], ["hhi", hhi === null ? "–" : asWhole(hhi)], ["cr4", share(cr4)],
    ["cr10", share(cr10)], ["gini", gini === null ? "–" : asTwo(gini)],
  ];
  return element("dl", { class: "facts" }, ...rows.flatMap(([key, value]) => [
    element("dt", { text: text(`spending.figure.${key}`) }), element("dd", { text: value }),
  ]));
}

function lorenz({ lorenz: curve, count }) {
  const label = text("spending.lorenz.label", { number: asWhole(count) });
  const chart = square({
    curve, label, horizontal: text("spending.lorenz.x"), vertical: text("spending.lorenz.y"),
  });
  const rows = () => Array.from({ length: TABLE_STEPS }, (_, index) => (index + 1) / TABLE_STEPS)
    .map((part) => [asPercent(part), asPercent(part === 1 ? 1 : shareOfLargest(curve, part) ?? 0)]);
  return withTable(chart, label, [text("spending.lorenz.largest"), text("spending.share")], rows);
}

function largest({ top }, state, money) {
  const { vendor: chosen } = state.get();
  const most = Math.max(...top.map(({ total }) => Math.abs(Number(total)))) || 1;
  const rows = top.map(({ name, total, share, count }) => ({
    name, part: Number(total) / most, run: () => state.set({ vendor: name === chosen ? null : name }),
    cells: [money.exact(total), share === null ? "–" : asPercent(share), asWhole(count)],
  }));
  const head = ["vendor", "total", "share", "payments"].map((each) => text(`spending.${each}`));
  return few(rows, (shown) => ranked({
    caption: text("spending.largestVendors"), chosen, hint: text("spending.choose"), head, rows: shown,
  }));
}
