import { columns } from "../charts/columns.js";
import { withTable } from "../charts/table.js";
import { asChange, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { element } from "../lib/element.js";
import { periodName } from "./words.js";

/** What is in no column, because it has no day. */
function without({ count, total }, money) {
  if (count === 0) return null;
  return element("p", { class: "hint", text: text("spending.undated", {
    count, number: asWhole(count), total: money.exact(total),
  }) });
}

/** Amounts by month, quarter or fiscal year, as columns with the mean of twelve months. */
export function drawTrend({ points, undated }, { by }, money) {
  if (points.length === 0) return undated.count > 0 ? [without(undated, money)] : text("spending.none");
  const names = points.map(({ period }) => periodName(period, by));
  const label = text("spending.trend.label", { from: names[0], to: names.at(-1) });
  const hasMean = points.some(({ mean }) => mean !== null);
  const chart = columns({
    values: points.map(({ total }) => Number(total)),
    line: points.map(({ mean }) => (mean === null ? null : Number(mean))),
    titles: points.map(({ total }, index) => `${names[index]}: ${money.exact(total)}`),
    label, write: money.brief, ends: [names[0], names.at(-1)],
  });
  const head = ["spending.period", "spending.total", "spending.payments", "spending.change"];
  if (hasMean) head.push("spending.mean12");
  const rows = () => points.map(({ total, count, change, mean }, index) => [
    names[index], money.exact(total), asWhole(count), change === null ? "–" : asChange(change),
    ...(hasMean ? [money.exact(mean)] : []),
  ]).reverse();
  return [
    withTable(chart, label, head.map((key) => text(key)), rows),
    element("p", { class: "hint", text: text(hasMean ? "spending.trend.hintMean" : "spending.trend.hint") }),
    without(undated, money),
  ];
}
