import { monthName } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asWhole, events } from "../lib/format.js";
import { text } from "../lib/text.js";
import { bars } from "./bars.js";
import { withTable } from "./table.js";

/** Events by month. `months` are rows of {month, as YYYY-MM, events}, the oldest first; there is at least one. */
export function months(rows) {
  const counts = rows.map((each) => each.events);
  const name = (month) => `${monthName(`${month}-01`)} ${month.slice(0, 4)}`;
  const label = text("widget.months", {
    from: name(rows[0].month), to: name(rows.at(-1).month), most: events(Math.max(...counts)),
  });
  const chart = bars({
    count: counts.length, most: Math.max(...counts), groups: [{ values: counts, className: "bar" }], label,
  });
  return withTable(element("div", { class: "history" }, chart), label, [text("month"), text("events.title")],
    () => rows.toReversed().map((each) => [name(each.month), asWhole(each.events)]));
}
