import { CLASSES, LEVELS } from "../lib/choices.js";
import { colour } from "../lib/theme.js";

/** The least number of events of a day that is called unusual: one event is never. */
export const FEWEST_UNUSUAL = 3;

/** The classes of the outlook that are shown alike. */
export const CLASS_MEMBERS = {
  new: ["new_hot", "consecutive_hot"],
  growing: ["intensifying_hot"],
  steady: ["persistent_hot"],
  fading: ["sporadic_hot", "oscillating_hot", "diminishing_hot", "historical_hot"],
  cold: [
    "new_cold", "consecutive_cold", "intensifying_cold", "persistent_cold", "diminishing_cold", "sporadic_cold",
    "oscillating_cold", "historical_cold",
  ],
};

/** The group of a class, or null for "none" and for classes that this version of the page does not know. */
export function groupOfClass(name) {
  return CLASSES.find((group) => CLASS_MEMBERS[group].includes(name)) ?? null;
}

export const TRENDS = ["rising", "falling", "steady"];
export const STEPS = 5;

// Within a level, a stronger colour is a higher score. On most days most cells have low scores in "low", so the steps
// are close together there.
const OPACITY = ["interpolate", ["linear"]];
const OPACITY_STOPS = [0, 0.5, 5, 0.65, 12, 0.8, 25, 0.92, 100, 0.96];
export const QUIET = 0.16; // opacity of cells that belong to the study area and have nothing to say

/**
 * How cells of a layer look: expressions of MapLibre for `fill` and `opacity`, `shown` which cells there are, and
 * `unusual` which are outlined. `column` names the score in a tile of several days; `breaks` are the least values of
 * the steps from the second on.
 */
export function lookOf(state, { column, thresholds, breaks }) {
  return LOOKS[state.layer]({ state, column, thresholds, breaks });
}

const LOOKS = {
  risk({ state, column, thresholds }) {
    const { score, level, present } = scoreOf(column, thresholds);
    const byLevel = LEVELS.flatMap((each) => [each, colour(`--level-${each}`)]);
    const shown = ["all", present, ["in", level, ["literal", state.levels]]];
    const many = [">=", ["number", ["get", "event_count"], 0], FEWEST_UNUSUAL];
    return {
      fill: ["match", level, ...byLevel, colour("--ink-soft")],
      opacity: [...OPACITY, score, ...OPACITY_STOPS],
      shown,
      unusual: ["all", state.anomalies, shown, many, ["boolean", ["get", "anomaly"], false]],
    };
  },

  class({ state }) {
    const groups = CLASSES.flatMap((each) => [CLASS_MEMBERS[each], each]);
    const group = ["match", ["get", "class"], ...groups, "none"];
    return {
      fill: ["match", group, ...CLASSES.flatMap((each) => [each, colour(`--class-${each}`)]), colour("--ink-soft")],
      opacity: ["match", group, "none", QUIET, 0.88],
      shown: ["any", ["==", group, "none"], ["in", group, ["literal", state.classes]]],
      unusual: false,
    };
  },

  change() {
    const trend = ["string", ["get", "trend"], "few"];
    return {
      fill: ["match", trend, ...TRENDS.flatMap((each) => [each, colour(`--trend-${each}`)]), colour("--ink-soft")],
      opacity: ["match", trend, ["rising", "falling"], 0.88, "steady", 0.5, QUIET],
      shown: true,
      unusual: false,
    };
  },

  events: ({ breaks }) => stepped("events", 1, breaks),
  forecast: ({ breaks }) => stepped("expected", 0, breaks),
};

/** Which colour of the legend's steps a step from the lowest up has. */
export function stepOf(index, breaks, isReversed) {
  return isReversed ? breaks.length + 1 - index : index + 1;
}

/** The colours of the steps of a value, as an expression of MapLibre. */
export function stepsOf(value, breaks, isReversed = false) {
  const fill = (index) => colour(`--step-${stepOf(index, breaks, isReversed)}`);
  return breaks.length > 0 ? ["step", value, fill(0), ...breaks.flatMap((each, at) => [each, fill(at + 1)])] : fill(0);
}

/** The look of cells by the steps of an attribute; those below `least` are pale. */
export function stepped(name, least, breaks) {
  const value = ["number", ["get", name], 0];
  return {
    fill: stepsOf(value, breaks),
    opacity: ["case", [">=", value, least], 0.86, QUIET / 2],
    shown: true,
    unusual: false,
  };
}

/**
 * The expressions for a cell's score and level: attributes of a tile of one day, or, where `column` names the day's
 * score in a tile of several, that and what follows from it by the dataset's `thresholds`.
 */
function scoreOf(column, thresholds) {
  if (column === null) return { score: ["get", "risk_score"], level: ["get", "risk_level"], present: true };
  const score = ["number", ["get", column], 0];
  const above = ["critical", "high", "medium"].flatMap((level) => [[">", score, thresholds[level]], level]);
  return { score, level: ["case", ...above, "low"], present: ["has", column] };
}
