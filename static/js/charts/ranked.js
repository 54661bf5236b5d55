import { element } from "../lib/element.js";

/**
 * A table whose rows are compared: the second column of each has a bar. `head` are the titles of the columns, `rows`
 * are {name, cells, part, run}: the name in the first column, texts of the others, the length of the bar from -1 to 1,
 * and what choosing the name does, if anything; `chosen` is the name that is pressed.
 */
export function ranked({ caption, head, rows, chosen, hint }) {
  const body = rows.map(({ name, cells, part, run }) => element("tr", {},
    element("th", { scope: "row" }, run ? choice(name, run, name === chosen, hint) : name),
    ...cells.map((cell, index) => element("td", {},
      element("span", { class: "amount", text: cell }), index === 0 ? bar(part) : null))));
  return element("div", { class: "wide-table", tabindex: "0", role: "group", "aria-label": caption },
    element("table", { class: "ranked" },
      element("caption", { class: "visually-hidden", text: caption }),
      element("thead", {}, element("tr", {}, ...head.map((title) => element("th", { scope: "col", text: title })))),
      element("tbody", {}, ...body)));
}

function choice(name, run, isChosen, hint) {
  return element("button", {
    type: "button", class: "name-button", text: name, title: hint, "aria-pressed": String(isChosen), on: { click: run },
  });
}

function bar(part) {
  const made = element("span", { class: part < 0 ? "part-bar negative" : "part-bar", "aria-hidden": "true" });
  made.style.width = `${Math.min(100, 100 * Math.abs(part)).toFixed(1)}%`;
  return made;
}
