import { addDays, daysBetween } from "./days.js";

/**
 * The number of events by day and kind, held as one row of numbers for each kind. `rows` are [day, kind, count];
 * days outside `first` to `last` are left out.
 */
export function countsOf(rows, first, last) {
  const length = daysBetween(first, last) + 1;
  const byKind = new Map();
  for (const [day, kind, count] of rows) {
    const index = daysBetween(first, day);
    if (index < 0 || index >= length) continue;
    if (!byKind.has(kind)) byKind.set(kind, new Int32Array(length));
    byKind.get(kind)[index] += count;
  }
  const isChosen = (kinds, kind) => kinds.length === 0 || kinds.includes(kind);
  const chosen = (kinds) => [...byKind].filter(([kind]) => isChosen(kinds, kind)).map(([, row]) => row);
  const range = (from, to) => [Math.max(0, daysBetween(first, from)), Math.min(length - 1, daysBetween(first, to))];

  return {
    first,
    last,
    kinds: [...byKind.keys()],

    /** The events of each day from the first on, of these kinds or, with an empty list, of all. */
    series(kinds) {
      const sum = new Int32Array(length);
      for (const row of chosen(kinds)) row.forEach((count, index) => { sum[index] += count; });
      return sum;
    },

    /** The events of a period. */
    sum(kinds, from, to) {
      const [start, end] = range(from, to);
      return chosen(kinds).reduce((sum, row) => sum + row.subarray(start, end + 1).reduce((a, b) => a + b, 0), 0);
    },

    /** Whether all days of a period are counted, so that it may be compared. */
    covers: (from, to) => from >= first && to <= last,

    /** The day of a period with the most events, as [day, count]; null if there are none. */
    peak(kinds, from, to) {
      const [start, end] = range(from, to);
      const sums = this.series(kinds);
      let best = start;
      for (let index = start; index <= end; index++) if (sums[index] > sums[best]) best = index;
      return sums[best] > 0 ? [addDays(first, best), sums[best]] : null;
    },

    /** The kinds of a period with their counts, the most frequent first. */
    byKind(kinds, from, to) {
      const names = kinds.length === 0 ? [...byKind.keys()] : kinds;
      return names.map((name) => [name, this.sum([name], from, to)]).sort((a, b) => b[1] - a[1]);
    },
  };
}
