import { history } from "../charts/history.js";
import { fetchCounts, fetchHistory, getJSON } from "../lib/api.js";
import { countsOf } from "../lib/counts.js";
import { addDays } from "../lib/days.js";
import { element } from "../lib/element.js";
import { comparedPeriod } from "../lib/periods.js";
import { eventsLine } from "../panels/sentences.js";
import { startWidget } from "./frame.js";

const SPAN = 365; // days before the first day that is compared, which the chart shows at least

startWidget(async (state) => {
  const values = state.get();
  const { dataset, date, cell, first, period } = values;
  const [before] = comparedPeriod(values) ?? [addDays(date, -period)];
  const wanted = addDays(date, -SPAN);
  const from = [before < wanted ? before : wanted, first].sort().at(-1);
  const rows = cell ? await ofCell(dataset, cell, from, date) : await fetchCounts({ dataset, from, to: date });
  const counts = countsOf(rows, from, date);
  const series = counts.series(values.kinds);
  const perDay = Array.from(series, (count, index) => [addDays(from, index), count]);
  document.getElementById("widget-content").replaceChildren(
    element("p", { class: "widget-lead", text: eventsLine(values, counts) }),
    history({ counts: perDay, to: date, first }),
  );
});

/** The events of a cell as rows of [day, kind, count]: by kind where the link names kinds. */
async function ofCell(dataset, cell, from, to) {
  const { features } = await getJSON(`v1/cells/${cell}`, { dataset, limit: 1, f: "geojson" });
  const polygon = features[0]?.geometry;
  if (!polygon) return [];
  try {
    return await fetchCounts({ dataset, from, to, polygon });
  } catch {
    // Where small counts are hidden, a place has no kinds.
    return (await fetchHistory({ dataset, cell, from, to })).map(([day, count]) => [day, "", count]);
  }
}
