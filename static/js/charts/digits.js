import { drawn } from "../lib/element.js";
import { asPercent } from "../lib/format.js";

const [WIDTH, HEIGHT] = [40, 90];

/** Shares of first digits as columns, each with a mark where it is expected. `rows` are [digit, share, expected]. */
export function digits(label, rows) {
  const most = Math.max(0.01, ...rows.flatMap(([, share, expected]) => [share, expected]));
  const y = (value) => HEIGHT * (1 - value / most);
  const shapes = rows.flatMap(([digit, share, expected], index) => [
    drawn("rect", { class: "column", x: index * WIDTH + 5, width: WIDTH - 10, y: y(share), height: HEIGHT - y(share) },
      drawn("title", { text: `${digit}: ${asPercent(share)}` })),
    drawn("path", { class: "expectation", d: `M${index * WIDTH + 1} ${y(expected).toFixed(1)}h${WIDTH - 2}` }),
    drawn("text", { x: index * WIDTH + WIDTH / 2, y: HEIGHT + 13, "text-anchor": "middle", text: digit }),
  ]);
  return drawn("svg", {
    class: "digits", viewBox: `0 -3 ${rows.length * WIDTH} ${HEIGHT + 20}`, role: "img", "aria-label": label,
  }, ...shapes);
}
