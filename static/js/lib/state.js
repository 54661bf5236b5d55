/**
 * The one place that says what is shown. Controls write to it, everything else listens.
 *
 * Served: `dataset` slug, `first` and `last` scored day, `generation` of the served data, `resolutions`, `areas` slug
 * of the dataset's layer of areas or null, `isExact` whether the reader may know every count.
 * Chosen: `layer` one of LAYERS, `side` whether it shows two periods beside each other, `date` the day, also the last
 * one of the period, `period` its length in days, `compare` with "before", "year" or "none", `kinds` list of event
 * types or empty for all, `levels` list of level names, `classes` list of groups of outlook classes, `resolution`
 * 0..15, null for the one that suits the whole dataset, or "zoom" for finer ones by zoom, `anomalies` boolean, `view`
 * {zoom, lat, lng} or null, `measure` one of MEASURES, `cell` index of the chosen cell or null, `area` id of the chosen
 * area or null (never both), `playing` boolean.
 * Following from them: `shownResolution` of the cells that the map shows, `breaks` of the colours, `areaFacts` of the
 * areas that it shows, as `factsOfAreas` returns them, or null.
 */
export function createState(initial) {
  let values = Object.freeze({ ...initial });
  const listeners = [];

  return {
    get: () => values,

    /** Merges `patch` and calls the listeners of every key whose value changed. */
    set(patch) {
      const changed = Object.keys(patch).filter((key) => !same(values[key], patch[key]));
      if (changed.length === 0) return;
      values = Object.freeze({ ...values, ...patch });
      for (const { keys, listener } of listeners) {
        if (keys.some((key) => changed.includes(key))) listener(values);
      }
    },

    /** Calls `listener(values)` after any of `keys` changed. */
    on(keys, listener) {
      listeners.push({ keys, listener });
    },

    /** Calls `listener(values)` now, and after any of `keys` changed. */
    follow(keys, listener) {
      listeners.push({ keys, listener });
      listener(values);
    },
  };
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
