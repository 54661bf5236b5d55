/**
 * The one place that says what is shown. Controls write to it, everything else listens.
 *
 * Keys: `dataset` slug, `date` YYYY-MM-DD, `levels` list of level names, `resolution` 0..15 or null (chosen by zoom),
 * `anomalies` boolean, `span` days of the hotspot list, `view` {zoom, lat, lng} or null.
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
  };
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
