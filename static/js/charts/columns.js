import { drawn, element } from "../lib/element.js";

const HEIGHT = 100;
const GAP = 0.18;

/**
 * Amounts of consecutive periods as columns from a line at zero, down where they are negative. `values` are numbers,
 * `line` numbers or nulls that are drawn over them as a line, `titles` say what a pointer rests on, `write` formats a
 * number for the scale, `ends` name the first and the last period.
 */
export function columns({ values, line = [], titles, label, write, ends }) {
  const all = [0, ...values, ...line.filter((each) => each !== null)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const span = most - least || 1;
  const y = (value) => (HEIGHT * (most - value)) / span;
  const bars = values.map((value, index) => {
    const top = Math.min(y(value), y(0));
    return drawn("rect", {
      class: value < 0 ? "column negative" : "column", x: index + GAP / 2, width: 1 - GAP, y: top.toFixed(2),
      height: Math.max(0.4, Math.abs(y(value) - y(0))).toFixed(2),
    }, drawn("title", { text: titles[index] }));
  });
  const chart = drawn("svg", {
    class: "columns-drawing", viewBox: `0 0 ${Math.max(1, values.length)} ${HEIGHT}`, preserveAspectRatio: "none",
    role: "img", "aria-label": label,
  }, ...bars, drawn("path", { class: "zero", d: `M0 ${y(0).toFixed(2)}H${values.length}` }), overlay(line, y));
  const scale = element("div", { class: "scale", "aria-hidden": "true" },
    element("span", { text: write(most) }), element("span", { text: write(least) }));
  const axis = element("p", { class: "axis", "aria-hidden": "true" },
    ...ends.map((end) => element("span", { text: end })));
  return element("div", { class: "columns" }, scale, element("div", {}, chart, axis));
}

/** The line in as many pieces as there are runs without a gap. */
function overlay(line, y) {
  let path = "";
  line.forEach((value, index) => {
    if (value === null) return;
    path += `${(line[index - 1] ?? null) === null ? "M" : "L"}${index + 0.5} ${y(value).toFixed(2)}`;
  });
  return path && drawn("path", { class: "mean", d: path });
}
