import { addDays, clampDay } from "../lib/days.js";
import { text } from "../lib/text.js";

const LONGEST_WAIT = 8000; // ms to wait for a day before playback continues without it
const BACK = 30; // days that are played again from the last one

/**
 * Play and pause. A day is shown for at least 1/speed seconds and until its cells are drawn, while `prefetch(day)` asks
 * for the next one; `settled()` resolves when the selected day is drawn. Days are played as the risk of a day; from the
 * last day the last thirty are played again, and `tell(sentence)` says so.
 */
export function startPlayback(state, { settled, prefetch, tell }) {
  const button = document.getElementById("play");
  const speed = document.getElementById("speed");
  let current = 0;

  async function play() {
    const run = ++current;
    const { date, first, last, layer } = state.get();
    if (layer !== "risk") {
      tell(text("play.risk"));
      state.set({ layer: "risk" });
    }
    if (date === last) {
      tell(text("play.again"));
      state.set({ date: clampDay(addDays(last, -BACK), first, last) });
    }
    while (state.get().playing) {
      const { date: day, last: end } = state.get();
      if (day === end) break;
      prefetch(addDays(day, 1));
      await Promise.all([wait(1000 / Number(speed.value)), Promise.race([settled(), wait(LONGEST_WAIT)])]);
      // Paused meanwhile, or paused and started again: another run continues from here.
      if (run !== current || !state.get().playing) return;
      if (state.get().date === day) state.set({ date: addDays(day, 1) });
    }
    state.set({ playing: false });
  }

  const toggle = () => state.set({ playing: !state.get().playing });
  button.addEventListener("click", toggle);
  state.on(["playing"], ({ playing }) => {
    button.setAttribute("aria-pressed", String(playing));
    button.setAttribute("aria-label", text(playing ? "pause" : "play"));
    if (playing) play();
  });
  return { toggle };
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
