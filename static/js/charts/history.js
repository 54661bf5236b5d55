import { addDays, daysBetween, period, shortDay } from "../lib/days.js";
import { drawn, element } from "../lib/element.js";
import { asBrief, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { bars } from "./bars.js";
import { withTable } from "./table.js";

const WEEKS = 52;

/**
 * The last 52 weeks of a place up to a day, as bars by week. `counts` are rows of [day, events]. `forecast`, if there
 * is one, is {days, mean, low, high}: what is expected of the days that follow, drawn as a band after the bars.
 */
export function history({ counts, to, first, forecast }) {
  const weeks = Array.from({ length: WEEKS }, (_, index) => {
    const end = addDays(to, 7 * (index - WEEKS + 1));
    return { from: addDays(end, -6), to: end, count: 0, served: addDays(end, -6) >= first };
  });
  for (const [day, count] of counts) {
    const back = Math.floor(daysBetween(day, to) / 7);
    if (back >= 0 && back < WEEKS) weeks[WEEKS - 1 - back].count += count;
  }
  const weekly = forecast && scaled(forecast);
  const most = Math.max(1, ...weeks.map((each) => each.count), weekly?.high ?? 0);
  const sum = weeks.reduce((total, each) => total + each.count, 0);
  const label = text("history.label", { number: asWhole(sum), from: shortDay(weeks[0].from), to: shortDay(to) });
  const values = weeks.map((each) => each.count);
  const count = WEEKS + (weekly ? 2 : 0);
  const chart = bars({ count, most, groups: [{ values, className: "bar" }], label });
  if (weekly) chart.append(...band(weekly, most));
  const figure = withTable(element("div", { class: "history" }, chart, axis(most, weeks[0].from, to)), label,
    [text("week"), text("events.title")],
    () => weeks.toReversed().map((each) => [period(each.from, each.to), asWhole(each.count)]));
  return figure;
}

/** A forecast of any number of days as that of a week. */
function scaled({ days, mean, low, high }) {
  const factor = 7 / days;
  return { mean: mean * factor, low: low * factor, high: high * factor };
}

function band({ mean, low, high }, most) {
  const y = (value) => 100 - (100 * value) / most;
  const x = WEEKS + 0.4;
  return [
    drawn("rect", { class: "band", x, width: 1.4, y: y(high), height: Math.max(1, y(low) - y(high)) }),
    drawn("rect", { class: "expected", x, width: 1.4, y: y(mean) - 1, height: 2 }),
  ];
}

function axis(most, from, to) {
  return element("p", { class: "axis", "aria-hidden": "true" },
    element("span", { text: shortDay(from) }),
    element("span", { text: text("history.most", { number: asBrief(most) }) }),
    element("span", { text: shortDay(to) }));
}
