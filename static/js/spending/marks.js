import { drawn, element } from "../lib/element.js";
import { breaksOf } from "../lib/outlook.js";
import { text } from "../lib/text.js";
import { colour } from "../lib/theme.js";

// How places and areas look on the map, and the legend that says so.

const LARGEST = 26; // px, the radius of the largest amount
const SMALLEST = 3; // px; smaller ones could not be seen
const SAMPLES = [1, 4, 16]; // the largest amount divided by these is in the legend
const OPACITY = 0.75;

/** Numbers of JavaScript are exact enough to draw with; whatever is written comes from the texts. */
const size = ({ total }) => Math.abs(Number(total));

/** The paint of points, whose area is in proportion to the amount; rings where more was taken back than paid. */
export function pointPaint(rows) {
  const most = Math.max(...rows.map(size), 0) || 1;
  const total = ["number", ["get", "total"], 0];
  const below = ["<", total, 0];
  return {
    "circle-radius": ["max", SMALLEST, ["*", LARGEST, ["sqrt", ["min", 1, ["/", ["abs", total], most]]]]],
    "circle-color": ["case", below, colour("--map-paper"), colour("--accent")],
    "circle-opacity": OPACITY,
    "circle-stroke-color": ["case", below, colour("--level-high"), colour("--map-paper")],
    "circle-stroke-width": ["case", below, 3, 1],
  };
}

/** What areas are coloured by: null where there is no figure. */
function figure({ total, head, km2 }, shape) {
  const value = { total, head, km2 }[shape];
  return value === null ? null : Number(value);
}

/** The areas that are coloured, as [{id, value}], and the least values of the steps from the second on. */
function coloured({ rows, shape }) {
  const areas = rows.filter(({ count }) => count > 0).map((row) => ({ id: row.id, value: figure(row, shape) }))
    .filter(({ value }) => value !== null);
  return { areas, breaks: breaksOf(areas.map(({ value }) => value), false) };
}

const stepOf = (value, breaks) => (value < 0
  ? "--level-high" : `--step-${1 + breaks.filter((each) => value >= each).length}`);

/** The paint of areas by steps of their figure; those without payments have none. Null where none has any. */
export function areaPaint(found) {
  const { areas, breaks } = coloured(found);
  if (areas.length === 0) return null;
  const colours = new Map();
  const of = (name) => colours.get(name) ?? colours.set(name, colour(name)).get(name);
  return {
    "fill-color": ["match", ["get", "id"],
      ...areas.flatMap(({ id, value }) => [id, of(stepOf(value, breaks))]), "rgba(0, 0, 0, 0)"],
    "fill-opacity": OPACITY,
  };
}

/** The legend of what is shown, as nodes. */
export function legend(found, money) {
  return found.shape === "points" ? pointLegend(found.rows, money) : areaLegend(found, money);
}

function pointLegend(rows, money) {
  const paid = rows.filter(({ count }) => count > 0);
  const most = Math.max(...paid.map(size), 0);
  const entries = most === 0 ? [] : SAMPLES.map((part) => entry(
    circle(LARGEST / Math.sqrt(part), "var(--accent)", "none"), money.brief(most / part)));
  if (paid.some(({ total }) => total.startsWith("-"))) {
    entries.push(entry(circle(8, "var(--map-paper)", "var(--level-high)"), text("spending.below")));
  }
  return entries;
}

function areaLegend(found, money) {
  const { areas, breaks } = coloured(found);
  const positive = areas.filter(({ value }) => value >= 0);
  const starts = positive.length === 0 ? [] : [0, ...breaks];
  const entries = starts.map((from, index) => entry(square(`var(--step-${index + 1})`), index + 1 < starts.length
    ? text("range", { from: money.brief(from), to: money.brief(starts[index + 1]) })
    : text("range.from", { from: money.brief(from) })));
  if (positive.length < areas.length) entries.push(entry(square("var(--level-high)"), text("spending.below")));
  entries.push(entry(square("none"), text("spending.nothing")));
  return entries;
}

const entry = (mark, name) => element("span", { class: "key" }, mark, element("span", { text: name }));

function circle(radius, fill, stroke) {
  const box = 2 * radius + 4;
  const mark = drawn("circle", { cx: box / 2, cy: box / 2, r: radius });
  mark.style.fill = fill;
  mark.style.stroke = stroke;
  return drawn("svg", { width: box, height: box, "aria-hidden": "true" }, mark);
}

function square(fill) {
  const mark = drawn("rect", { x: 1, y: 1, width: 16, height: 16, class: "frame" });
  mark.style.fill = fill;
  return drawn("svg", { width: 18, height: 18, "aria-hidden": "true" }, mark);
}
