import { factsOfAreas, fetchAreas } from "./areas.js";
import { fetchDifference } from "./difference.js";
import { breaksOfAreas } from "./measures.js";
import { breaksOf, fetchOutlook } from "./outlook.js";

/** The keys of the state on which the steps of the colours depend. */
export const STEP_KEYS = [
  "layer", "date", "period", "compare", "kinds", "resolution", "generation", "side", "measure",
];

/**
 * What follows for the state from the cells or areas that it asks for: the `breaks` of the colours and the facts of the
 * areas, as a patch. Throws a Problem where they cannot be read.
 */
export async function stepsOf(values) {
  const { layer, side, measure } = values;
  if (layer === "areas") {
    const told = await fetchAreas(values);
    return { breaks: breaksOfAreas(measure, told), areaFacts: factsOfAreas(told, measure) };
  }
  if (layer === "difference" && side) {
    // The steps of two maps beside each other are the same for both.
    const { features } = await fetchDifference(values);
    return { breaks: breaksOf(features.flatMap(({ properties: { events, before } }) => [events, before]), true) };
  }
  if (layer !== "events" && layer !== "forecast") return { breaks: [] };
  const isWhole = layer === "events";
  const { cells } = await fetchOutlook(values);
  return { breaks: breaksOf(cells.map((each) => (isWhole ? each.events : each.expected)), isWhole) };
}
