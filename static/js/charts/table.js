import { element } from "../lib/element.js";
import { text } from "../lib/text.js";

/** The figures of a chart as a table. `head` are the titles of the columns, `rows` lists of texts. */
export function table(caption, head, rows) {
  const cell = (value, index) => (index === 0
    ? element("th", { scope: "row", text: value }) : element("td", { text: value }));
  return element("table", { class: "figures-table" },
    element("caption", { text: caption }),
    element("thead", {}, element("tr", {}, ...head.map((title) => element("th", { scope: "col", text: title })))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell)))));
}

/** A chart with its figures behind it, which open below. The table is made when it is first asked for. */
export function withTable(chart, caption, head, rows) {
  const details = element("details", { class: "behind" }, element("summary", { text: text("chart.table") }));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) {
      details.append(element("div", { class: "behind-scroll", tabindex: "0", role: "group", "aria-label": caption },
        table(caption, head, rows())));
    }
  });
  return element("figure", { class: "chart" }, chart, details);
}
