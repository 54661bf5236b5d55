import { weekdayLabel } from "../lib/days.js";
import { drawn } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { withTable } from "./table.js";

const DAYS = [0, 1, 2, 3, 4, 5, 6];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Events by day of the week, where hours are not known. `counts` has seven numbers from Monday on. */
export function weekdays(counts) {
  const most = Math.max(1, ...counts);
  const busiest = counts.indexOf(Math.max(...counts));
  const label = text("weekdays.label", { day: weekdayLabel(busiest), number: asWhole(counts[busiest]) });
  const columns = DAYS.flatMap((day) => {
    const height = (36 * counts[day]) / most;
    return [
      drawn("rect", { class: "bar", x: day * 40 + 4, width: 32, y: 40 - height, height: Math.max(height, 0.5) }),
      drawn("text", { x: day * 40 + 20, y: 53, "text-anchor": "middle", text: weekdayLabel(day) }),
    ];
  });
  const box = { class: "weekdays", viewBox: "0 0 280 56", role: "img", "aria-label": label };
  const chart = drawn("svg", box, ...columns);
  return withTable(chart, label, [text("weekday"), text("events.title")],
    () => DAYS.map((day) => [weekdayLabel(day), asWhole(counts[day])]));
}

/** Events by hour and day of the week. `counts` has 168 numbers, from Monday's first hour on. */
export function hoursOfWeek(counts) {
  const most = Math.max(1, ...counts);
  const busiest = counts.indexOf(Math.max(...counts));
  const [day, hour] = [Math.floor(busiest / 24), busiest % 24];
  const label = text("hours.label", { day: weekdayLabel(day), hour: hourName(hour), number: asWhole(counts[busiest]) });
  const fields = DAYS.flatMap((row) => HOURS.map((column) => drawn("rect", {
    class: "hour", x: 30 + column * 10.4, y: row * 11, width: 9.6, height: 10.2,
    "fill-opacity": counts[row * 24 + column] === 0 ? 0.06 : 0.15 + (0.85 * counts[row * 24 + column]) / most,
  })));
  const names = DAYS.map((row) => drawn("text", { x: 0, y: row * 11 + 8.5, text: weekdayLabel(row) }));
  const ticks = [0, 6, 12, 18].map((each) => drawn("text", { x: 30 + each * 10.4, y: 87, text: hourName(each) }));
  const chart = drawn("svg", { class: "hours", viewBox: "0 0 280 90", role: "img", "aria-label": label },
    ...fields, ...names, ...ticks);
  return withTable(chart, label, [text("weekday"), ...HOURS.map(hourName)],
    () => DAYS.map((row) => [weekdayLabel(row), ...HOURS.map((column) => asWhole(counts[row * 24 + column]))]));
}

function hourName(hour) {
  return `${String(hour).padStart(2, "0")}:00`;
}
