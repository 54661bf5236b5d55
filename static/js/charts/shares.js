import { element } from "../lib/element.js";
import { asPercent, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";

const MOST = 6;

/** Kinds of events as bars beside names and counts: a table in itself. `rows` are [name, count], largest first. */
export function shares(caption, rows) {
  const sum = rows.reduce((total, [, count]) => total + count, 0);
  const shown = rows.filter(([, count]) => count > 0);
  const few = shown.length > MOST + 1 ? shown.slice(0, MOST) : shown;
  const rest = shown.slice(few.length).reduce((total, [, count]) => total + count, 0);
  if (rest > 0) few.push([text("kinds.others", { number: asWhole(shown.length - MOST) }), rest]);
  return element("table", { class: "shares" },
    element("caption", { class: "visually-hidden", text: caption }),
    element("tbody", {}, ...few.map(([name, count]) => row(name, count, sum))));
}

function row(name, count, sum) {
  const bar = element("span", { class: "share-bar" });
  bar.style.width = `${(100 * count) / sum}%`;
  return element("tr", {},
    element("th", { scope: "row", text: name }),
    element("td", { class: "share", "aria-hidden": "true" }, bar),
    element("td", { class: "share-count", text: asWhole(count) }),
    element("td", { class: "share-percent", text: asPercent(count / sum) }));
}
