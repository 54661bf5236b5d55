import { fetchAreas, factsOfAreas } from "../../lib/areas.js";
import { period } from "../../lib/days.js";
import { button } from "../../lib/element.js";
import { asWhole } from "../../lib/format.js";
import { hasFigure, inOrder, isReversed, valueOf, wordsOf } from "../../lib/measures.js";
import { currentPeriod } from "../../lib/periods.js";
import { text } from "../../lib/text.js";

/**
 * The sentences about the areas on the map: which one comes first, whose figures they are, which events they leave out,
 * which areas have no figure, and whether borders are approximate. `counts` are those of the whole dataset; `onArea` is
 * called for the area that a sentence names.
 */
export async function areaLines(state, counts, onArea) {
  try {
    const told = await fetchAreas(state);
    const facts = factsOfAreas(told, state.measure);
    return [
      firstLine(state, told, onArea), sourceLine(state, facts), outsideLine(state, told, counts), missingLine(facts),
      facts.layer.approximate ? text("areas.approximate") : null,
    ];
  } catch (problem) {
    return [text("areas.failed", { reason: problem.message })];
  }
}

function firstLine({ measure }, told, onArea) {
  if (measure === "trend_change") {
    const number = (word) => asWhole(told.rows.filter((row) => row.trend === word).length);
    const all = told.rows.filter((row) => hasFigure(row, measure)).length;
    if (all === 0) return null;
    const words = { rising: number("rising"), falling: number("falling") };
    return text("areas.trends", { ...words, all: asWhole(all), count: all });
  }
  const [first] = inOrder(told.rows, measure);
  if (!first || (first.events === 0 && !isReversed(measure))) return null;
  const { id, name } = first;
  const value = wordsOf(measure, valueOf(first, measure, told), told);
  const [before, after] = text(`areas.first.${measure}`, { place: "\u0000", value }).split("\u0000");
  const chosen = button("text-button", name, () => onArea({ area: id, name, opener: chosen }));
  return [before, chosen, after];
}

function sourceLine(state, { all, more, layer }) {
  const values = { count: all, number: asWhole(all), layer: layer.name, source: layer.source };
  const days = state.measure === "trend_change" ? text("areas.years.period") : period(...currentPeriod(state));
  return text(more ? "areas.source.least" : "areas.source", { ...values, period: days });
}

/** Events that no area has are on the map of cells, but in none of these figures. */
function outsideLine(state, { rows, reason, more }, counts) {
  if (reason !== null || more) return null;
  const inside = rows.reduce((sum, row) => sum + (row.events ?? 0), 0);
  const outside = counts.sum(state.kinds, ...currentPeriod(state)) - inside;
  return outside > 0 ? text("areas.outside", { count: outside, number: asWhole(outside) }) : null;
}

function missingLine({ missing, all, reason }) {
  if (missing === 0) return null;
  if (reason === "hidden" || reason === "uncounted" || missing === all) return text(`areas.none.${reason}`);
  return text("areas.none.some", { count: missing, number: asWhole(missing), reason: text(`areas.none.${reason}`) });
}
