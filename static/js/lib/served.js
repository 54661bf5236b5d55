import { fetchCounts } from "./api.js";
import { countsOf } from "./counts.js";

const QUIET = 350; // ms without newer data before the counts are read anew

/**
 * The counts of all days of the dataset, which several parts of the page draw. `onChange(listener)` calls the listener
 * with the counts now, if they are there, and whenever they are read anew; with a Problem if they cannot be read.
 * They are first read by `load()`, after what is more urgent.
 */
export function startCounts(state) {
  const listeners = [];
  let latest = null;
  let request = new AbortController();
  let timer = 0;

  async function load() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const { dataset, first, last } = state.get();
    try {
      const rows = await fetchCounts({ dataset, from: first, to: last }, signal);
      latest = { counts: countsOf(rows, first, last) };
    } catch (problem) {
      if (problem.name === "AbortError") return;
      latest = { problem };
    }
    if (!signal.aborted) listeners.forEach(tell);
  }

  const tell = (listener) => latest && listener(latest.counts ?? null, latest.problem ?? null);
  // The map first: it is what a reader looks at, and these are years of rows.
  state.on(["generation", "first", "last"], () => {
    clearTimeout(timer);
    timer = setTimeout(load, QUIET);
  });
  return {
    load,
    get: () => latest?.counts ?? null,
    onChange(listener) {
      listeners.push(listener);
      tell(listener);
    },
  };
}
