import { months as monthsChart } from "../charts/months.js";
import { shares } from "../charts/shares.js";
import { getJSON } from "../lib/api.js";
import { period } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asBrief, asPercent, asWhole } from "../lib/format.js";
import { currentPeriod } from "../lib/periods.js";
import { text } from "../lib/text.js";
import { startWidget } from "./frame.js";

const PER_PEOPLE = 100;

startWidget(async (state) => {
  const link = new URLSearchParams(location.search);
  const [layer, id] = [link.get("areas"), link.get("area")];
  if (!layer || !id) throw new Error(text("widget.areaParts"));
  const { dataset, ...values } = state.get();
  const [from, to] = currentPeriod(values);
  const path = `v1/areas/${encodeURIComponent(layer)}/${encodeURIComponent(id)}`;
  const area = await getJSON(path, { dataset, from, to, geometry: "none" });
  document.getElementById("widget-title").textContent = area.name;
  const { figures, months, kinds } = area;
  document.getElementById("widget-content").replaceChildren(...[
    figures && element("p", { class: "widget-lead", text: lead(figures, period(from, to)) }),
    figures?.rate !== null && figures?.rate !== undefined &&
      element("p", { text: text("widget.areaRate", { number: asBrief(figures.rate * PER_PEOPLE) }) }),
    months.length > 0 && monthsChart(months),
    kinds.length > 0 && shares(text("cell.kinds"), kinds.map((each) => [each.event_type, each.events])),
  ].filter(Boolean));
});

/** The events of the period, and their trend as the server calls it. */
function lead({ events: count, trend }, days) {
  const told = text("widget.areaEvents", { number: asWhole(count), period: days });
  if (!trend || trend.before === 0) return `${told}.`;
  const change = asPercent(Math.abs(trend.last / trend.before - 1));
  const word = text(`trend.${trend.label}`);
  return word ? `${told}. ${word} (${change}).` : `${told}.`;
}
