import { element } from "../lib/element.js";
import { findAreas, readPlace } from "../lib/find.js";
import { asWhole, coordinates } from "../lib/format.js";
import { text } from "../lib/text.js";

const QUIET = 200; // ms without another letter before areas are asked for
const FEWEST = 2; // letters

/**
 * The box that finds a place: an area of `layer` by its name, if there is a layer, coordinates, or a cell by its index.
 * `onArea({area, name, opener})`, `onPoint([lng, lat])` and `onCell(cell)` are called for what is chosen. Names are
 * asked of this server alone, and of no other.
 */
export function startFind(layer, { onArea, onPoint, onCell }) {
  const form = document.getElementById("find");
  const field = document.getElementById("find-text");
  const list = document.getElementById("find-list");
  const status = document.getElementById("find-status");
  let choices = []; // {name, more, run}
  let active = -1;
  let asked = ""; // the text that the choices are for
  let timer = 0;
  let request = new AbortController();
  field.placeholder = text(layer ? "find.area" : "find.point");
  form.hidden = false;

  /** Shows what the text may mean. */
  async function look() {
    clearTimeout(timer);
    request.abort();
    request = new AbortController();
    const { signal } = request;
    asked = field.value;
    const place = readPlace(asked);
    try {
      const found = await choicesOf(place, signal);
      if (signal.aborted) return;
      show(found);
      status.textContent = statusOf(place, found.length);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      show([]);
      status.textContent = text("find.failed", { reason: problem.message });
    }
  }

  async function choicesOf({ cell, point, outside, name }, signal) {
    if (cell) return [{ name: text("cell.label", { cell }), run: () => onCell(cell) }];
    if (point) return [{ name: coordinates(point), run: () => onPoint(point) }];
    if (outside || !layer || name.length < FEWEST) return [];
    const areas = await findAreas(layer, name, signal);
    const isTwin = (one) => areas.filter((each) => each.name === one.name).length > 1;
    return areas.map((each) => ({
      name: each.name, more: isTwin(each) ? [each.parent, each.id].filter(Boolean).join(" · ") : "",
      run: () => onArea({ area: each.id, name: each.name, opener: field }),
    }));
  }

  function statusOf({ outside, name }, count) {
    if (outside) return text("find.outside");
    if (name === undefined || name.length < FEWEST) return "";
    if (!layer) return text("find.noAreas");
    return text(count === 0 ? "find.none" : "find.found", { count, number: asWhole(count) });
  }

  function show(found) {
    choices = found;
    list.replaceChildren(...found.map(({ name, more }, index) => element("li", {
      id: `find-${index}`, role: "option", class: "find-choice", "aria-selected": "false",
      // The field keeps the focus; a click would take it.
      on: { mousedown: (event) => event.preventDefault(), click: () => choose(index) },
    }, element("span", { text: name }), more ? element("small", { text: more }) : null)));
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    mark(-1);
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", `find-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const { name, run } = choices[index];
    field.value = name;
    asked = name;
    status.textContent = "";
    show([]);
    run();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, QUIET);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length > 0) {
      event.preventDefault();
      mark((active + step + choices.length) % choices.length);
    } else if (event.key === "Escape" && choices.length > 0) {
      // The list closes first, and the drawer at the next time.
      event.stopPropagation();
      show([]);
    }
  });
  field.addEventListener("blur", () => {
    clearTimeout(timer);
    request.abort();
    show([]);
    status.textContent = "";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (choices.length === 0 || asked !== field.value) await look();
    if (choices.length > 0) choose(Math.max(0, active));
  });
}
