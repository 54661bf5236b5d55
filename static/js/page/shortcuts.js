import { addDays, clampDay } from "../lib/days.js";
import { openHelp } from "../panels/help.js";

/** Keys with the map in focus, and nowhere else, so that they are in nobody's way while typing. */
export function startShortcuts(map, state, { toggle }) {
  const step = (days) => {
    const { date, first, last } = state.get();
    state.set({ date: clampDay(addDays(date, days), first, last), playing: false });
  };
  const keys = { " ": toggle, ",": () => step(-1), ".": () => step(1), "?": openHelp };
  map.getCanvas().addEventListener("keydown", (event) => {
    const run = keys[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  });
}
