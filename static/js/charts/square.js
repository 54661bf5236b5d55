import { drawn, element } from "../lib/element.js";

const SIZE = 200;

/**
 * Shares against shares in a square with its diagonal. `curve` and `points` are lists of [x, y], `y` below 0 or above 1
 * widens the square upwards or downwards; a point's third number, 0 to 1, is how large it is drawn. `horizontal` and
 * `vertical` name the axes.
 */
export function square({ curve = [], points = [], label, horizontal, vertical }) {
  const ys = [0, 1, ...curve.map(([, y]) => y), ...points.map(([, y]) => y)];
  const [least, most] = [Math.min(...ys), Math.max(...ys)];
  const x = (value) => (SIZE * value).toFixed(1);
  const y = (value) => ((SIZE * (most - value)) / (most - least)).toFixed(1);
  const path = curve.map(([a, b], index) => `${index === 0 ? "M" : "L"}${x(a)} ${y(b)}`).join("");
  const box = { class: "square", viewBox: `-1 -1 ${SIZE + 2} ${SIZE + 2}`, role: "img", "aria-label": label };
  const chart = drawn("svg", box,
    drawn("path", { class: "frame", d: `M0 0V${SIZE}H${SIZE}` }),
    drawn("path", { class: "diagonal", d: `M${x(0)} ${y(0)}L${x(1)} ${y(1)}` }),
    least < 0 ? drawn("path", { class: "diagonal", d: `M0 ${y(0)}H${SIZE}` }) : null,
    path ? drawn("path", { class: "area", d: `${path}L${x(1)} ${y(1)}L${x(0)} ${y(0)}` }) : null,
    path ? drawn("path", { class: "curve", d: path }) : null,
    ...points.map(([a, b, size]) => drawn("circle", {
      class: "point", cx: x(a), cy: y(b), r: (3 + 6 * (size ?? 0)).toFixed(1),
    })));
  return element("div", { class: "square-chart" },
    element("p", { class: "vertical", "aria-hidden": "true", text: vertical }), chart,
    element("p", { class: "horizontal", "aria-hidden": "true", text: horizontal }));
}
