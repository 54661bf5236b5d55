import { withTable } from "../charts/table.js";
import { button, element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { KINDS, SHAPES } from "./link.js";

const TABLE_ROWS = 200; // of the table behind the map; the file has all
const byId = (id) => document.getElementById(id);

/**
 * The part with the map. It is there if departments or vendors have places; otherwise a sentence says how an operator
 * adds them. The library of the map is asked for when there is something to draw.
 */
export function startPlaces(state, answer, money) {
  choices("of", KINDS, (value) => state.set({ of: value, view: null }));
  choices("shape", SHAPES, (value) => state.set({ shape: value }));
  const told = byId("told");
  let latest = null; // what is to be shown
  let map = null; // the promise of what draws it

  async function draw(found) {
    latest = found;
    try {
      map ??= open(state, money);
      const drawing = await map;
      if (found === latest) await drawing.show(found);
    } catch (problem) {
      map = null;
      if (found !== latest) return;
      byId("stage").hidden = true;
      byId("map-legend").replaceChildren();
      told.textContent = text("spending.places.noMap");
      console.warn(problem);
    }
  }

  state.on(["dataset", "of", "shape", "year", "department", "vendor", "from", "to"], () => told.replaceChildren());
  answer.follow(({ phase, value }) => {
    const isThere = value !== undefined && value.rows !== null;
    byId("places").hidden = phase === "failed" ? false : !isThere;
    byId("stage").hidden = phase === "failed" || !isThere;
    byId("map-legend").hidden = byId("stage").hidden;
    byId("no-places").hidden = phase !== "ready" || isThere;
    if (phase !== "ready") return;
    if (!isThere) return void byId("no-places").replaceChildren(...howToAdd(value.dataset));
    for (const option of byId("of").options) option.disabled = value.places[option.value] === 0;
    for (const option of byId("shape").options) option.disabled = option.value !== SHAPES[0] && value.layer === null;
    byId("of").value = value.of;
    byId("shape").value = value.shape;
    draw(value);
  });
}

function choices(id, values, choose) {
  byId(id).replaceChildren(...values.map((each) => new Option(text(`spending.${id}.${each}`), each)));
  byId(id).addEventListener("change", ({ target }) => choose(target.value));
}

/** Loads the library and the modules that draw; each only once. */
async function open(state, money) {
  const [{ startMap }] = await Promise.all([import("./map.js"), library()]);
  return startMap(state, money, {
    tell: (row) => tell(row, state, money()), fail: () => { byId("told").textContent = text("spending.places.tiles"); },
  });
}

function library() {
  if (window.maplibregl) return null;
  const script = element("script", { src: "vendor/maplibre-gl.js" });
  // Before the page's own styles, which change some of its.
  byId("first-style").before(element("link", { rel: "stylesheet", href: "vendor/maplibre-gl.css" }));
  return new Promise((resolve, refuse) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => refuse(new Error("the library of the map could not be loaded")));
    document.head.append(script);
  });
}

/** Says below the map what was picked on it, with a button that limits the page to it. */
function tell(row, state, money) {
  const { of } = row;
  const sentence = element("span", { text: sum(row, money) });
  // A department is known by its exact name, a vendor by any spelling.
  const name = of === KINDS[0] ? row.key : row.name;
  const isChosen = of && state.get()[of] === name;
  const limit = of && button("text-button", text(isChosen ? "spending.places.all" : "spending.places.only"), () => {
    state.set({ [of]: isChosen ? null : name });
    // The button is gone.
    (byId("clear").querySelector("button") ?? byId("of")).focus();
  });
  byId("told").replaceChildren(sentence, ...(limit ? [" ", limit] : []));
}

/** A place or an area in words. */
export function sum({ name, total, count }, money) {
  return text("spending.places.sum", { name, total: money.exact(total), count, number: asWhole(count) });
}

function howToAdd(dataset) {
  return [
    `${text("spending.places.none")} `,
    element("code", { text: `hextant expenditures places places.csv --of department --dataset ${dataset}` }),
    " ", element("a", { href: "docs#spendingPlaces", text: text("spending.places.how") }),
  ];
}

/** What the map shows in words, and as a table. */
export function drawPlaces(found, money) {
  if (found.rows === null) return "";
  const { rows, of, shape } = found;
  const isPoints = shape === SHAPES[0];
  const label = text(`spending.places.label.${isPoints ? of : "area"}`);
  const head = [text(`spending.${isPoints ? of : "area"}`), text("spending.total"), text("spending.payments")];
  if (!isPoints) head.push(text("spending.perHead"), text("spending.perKm2"));
  const cells = ({ name, total, count, head: perHead, km2 }) => [
    name, money.exact(total), asWhole(count), ...(isPoints ? [] : [money.exact(perHead), money.exact(km2)]),
  ];
  const paid = rows.filter(({ count }) => count > 0);
  const sentences = element("div", { class: "sentences" },
    ...lines(found, paid, money).map((line) => element("p", { text: line })));
  return [withTable(sentences, label, head, () => paid.slice(0, TABLE_ROWS).map(cells))];
}

function lines({ of, shape, total, count, unplaced, outside, rows }, paid, money) {
  const told = ({ total: amount, count: payments }) => ({
    amount: money.exact(amount), count: payments, number: asWhole(payments),
  });
  const found = [text(`spending.places.shown.${shape === SHAPES[0] ? of : "area"}`, {
    number: asWhole(paid.length), all: asWhole(rows.length),
  })];
  if (unplaced.count > 0) {
    found.push(text(`spending.places.unplaced.${of}`, { ...told(unplaced), total: money.exact(total) }));
  } else if (count > 0) found.push(text("spending.places.placed", { total: money.exact(total) }));
  if (outside && outside.count > 0) found.push(text("spending.places.outside", told(outside)));
  const below = paid.filter(({ total: amount }) => amount.startsWith("-")).length;
  if (below > 0) found.push(text("spending.places.below", { count: below, number: asWhole(below) }));
  if (shape === "head" && paid.length > 0 && paid.every(({ head }) => head === null)) {
    found.push(text("spending.places.noHeads"));
  }
  if (paid.length > TABLE_ROWS) found.push(text("spending.places.table", { number: asWhole(TABLE_ROWS) }));
  return found;
}
