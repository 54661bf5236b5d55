import { getJSON } from "../../lib/api.js";
import { areaQuery, fetchAreas } from "../../lib/areas.js";
import { hasFigure, inOrder } from "../../lib/measures.js";
import { comparedPeriod } from "../../lib/periods.js";

/**
 * All that is told of an area: `area` as the server has it, with its outline; `before`, its events in the compared
 * period, or null; `place` {rank, all} by the state's measure, or null; and what `fetchAreas` tells of its layer. Where
 * the reader may not know its figures, or nothing was counted, `area.figures` is null and `reason` says why.
 */
export async function readArea(state, id, signal) {
  const told = await fetchAreas(state);
  const path = `v1/areas/${encodeURIComponent(state.areas)}/${encodeURIComponent(id)}`;
  const { layer, hasResidents, days, reason } = told;
  const common = { state, layer, hasResidents, days, reason, isExact: state.isExact };
  if (reason) {
    // The figures that come unasked are those of the default dataset.
    const area = await getJSON(path, { geometry: "simple" }, signal);
    return { ...common, area: { ...area, figures: null, months: [], kinds: [], peers: [] }, before: null, place: null };
  }
  const query = areaQuery(state);
  const other = comparedPeriod(state);
  const isKnown = other && other[0] >= state.first;
  const [area, compared] = await Promise.all([
    getJSON(path, { ...query, geometry: "simple" }, signal),
    isKnown ? getJSON(path, { ...query, from: other[0], to: other[1], geometry: "none" }, signal) : null,
  ]);
  return { ...common, area, before: compared && compared.figures.events, place: placeOf(told, state.measure, id) };
}

function placeOf({ rows, more }, measure, id) {
  const own = rows.find((row) => row.id === id);
  if (more || !own || !hasFigure(own, measure) || measure === "trend_change") return null;
  const order = inOrder(rows, measure);
  // Areas with the same value have the same rank.
  return { rank: order.findIndex((row) => row[measure] === own[measure]) + 1, all: order.length };
}
