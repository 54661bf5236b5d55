/**
 * An answer of the server that parts of the page show: asked for again whenever one of `keys` of the state changes.
 * `load(values, signal)` asks for it. Listeners get {phase, value, problem}: phase is "loading" (value is then the one
 * before, if any), "ready" or "failed".
 */
export function asked(state, keys, load) {
  const listeners = [];
  let latest = { phase: "loading" };
  let request = new AbortController();

  function tell(next) {
    latest = next;
    for (const listener of listeners) listener(latest);
  }

  async function ask() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    tell({ phase: "loading", value: latest.value });
    try {
      const value = await load(state.get(), signal);
      if (!signal.aborted) tell({ phase: "ready", value });
    } catch (problem) {
      if (!signal.aborted) tell({ phase: "failed", problem });
    }
  }

  state.on(keys, ask);
  return {
    ask,
    get: () => latest,
    follow(listener) {
      listeners.push(listener);
      listener(latest);
    },
  };
}
