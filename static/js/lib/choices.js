/** Risk levels in ascending order, with the server's names. */
export const LEVELS = ["low", "medium", "high", "critical"];

/** Layers that the map can show. */
export const LAYERS = ["class", "events", "change", "difference", "forecast", "areas", "risk"];

/** Those of them that a dataset needs an outlook for. */
export const OUTLOOK_LAYERS = ["class", "events", "change", "forecast"];

/** Those whose colours have steps that follow from the cells shown. */
export const STEPPED_LAYERS = ["events", "forecast", "difference", "areas"];

/** Those whose cells come in tiles. */
export const TILE_LAYERS = [...OUTLOOK_LAYERS, "risk"];

/** Figures by which areas are coloured and put in order, with the server's names. */
export const MEASURES = ["eb_rate", "rate", "events", "density", "safety_score", "trend_change"];

/** Lengths of a period in days. */
export const PERIODS = [7, 28, 90, 365];

/** Periods that a period can be compared with. */
export const COMPARISONS = ["before", "year", "none"];

/** Groups of outlook classes, the most urgent first: how they are told apart on the map and in the list. */
export const CLASSES = ["new", "growing", "steady", "fading", "cold"];

/** Differences of two counts, from clearly more to clearly fewer: those in the middle may be chance. */
export const DIFFERENCES = ["up", "more", "same", "fewer", "down"];

/** The length of a period that is nearest to the one asked for. */
export function nearestPeriod(days) {
  return PERIODS.reduce((best, each) => (Math.abs(each - days) < Math.abs(best - days) ? each : best));
}

/**
 * The layers that there are for the dataset and its reader. Two periods are compared by exact counts only; areas need a
 * layer of them that the dataset names.
 */
export function layersOf({ outlookDays, isExact, areas }) {
  return LAYERS.filter((each) => {
    if (each === "difference") return isExact;
    if (each === "areas") return areas !== null;
    return !OUTLOOK_LAYERS.includes(each) || outlookDays.length > 0;
  });
}
