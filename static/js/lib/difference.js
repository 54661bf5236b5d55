import { address, ask } from "./api.js";
import { outlookResolution } from "./outlook.js";
import { comparedPeriod, currentPeriod } from "./periods.js";
import { trend } from "./trend.js";

const MOST_CELLS = 20_000; // that are drawn; a map of more says nothing at a glance
const NOTHING = { unknown: { features: [], reason: "unknown" }, many: { features: [], reason: "many" } };
let kept = null;

/** The state's period and the one that it is compared with, as [from, to] each; "nothing" means the period before. */
export function differencePeriods(state) {
  const compare = state.compare === "none" ? "before" : state.compare;
  return [currentPeriod(state), comparedPeriod({ ...state, compare })];
}

/** The word for the difference of two counts of periods of equal length. */
export function differenceOf(now, before) {
  const word = trend(now, before);
  if (word === "up" || word === "down") return word;
  return now === before ? "same" : now > before ? "more" : "fewer";
}

/**
 * The cells with events in one of the two periods: `features`, GeoJSON with `h3_index`, `events`, `before`, `word` and
 * `area`, and `reason` why there are none: "unknown" where the other period is not all on record, "many" where there
 * are too many cells, else null. The last answer is kept, since several parts of the page ask for the same.
 */
export function fetchDifference(state) {
  const [[from, to], [otherFrom, otherTo]] = differencePeriods(state);
  const query = {
    dataset: state.dataset, from, to, other_from: otherFrom, other_to: otherTo, resolution: outlookResolution(state),
  };
  const key = JSON.stringify([query, state.generation]);
  if (kept?.key !== key) {
    const answer = otherFrom < state.first ? Promise.resolve(NOTHING.unknown) : read(query);
    kept = { key, answer };
    // A request that failed is made again.
    answer.catch(() => { if (kept?.answer === answer) kept = null; });
  }
  return kept.answer;
}


async function read(query) {
  const url = address("v1/comparison", { ...query, limit: MOST_CELLS + 1, f: "geojsonseq" });
  const lines = (await (await ask(url)).text()).split("\n").filter((line) => line.trim() !== "");
  if (lines.length > MOST_CELLS) return NOTHING.many;
  const features = lines.map((line) => {
    const { geometry, properties } = JSON.parse(line.replace("\u001e", ""));
    const { h3_index: cell, events, events_before: before, area } = properties;
    const word = differenceOf(events, before);
    return { type: "Feature", geometry, properties: { h3_index: cell, events, before, area, word } };
  });
  return { features, reason: null };
}
