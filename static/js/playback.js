import { addDays } from "./days.js";

const LONGEST_WAIT = 8000; // ms to wait for a day before playback continues without it

/**
 * Play and pause. A day is shown for at least 1/speed seconds and until its cells are drawn, while `prefetch(day)` asks
 * for the next one; `settled()` resolves when the selected day is drawn.
 */
export function startPlayback(state, { first, last, settled, prefetch }) {
  const button = document.getElementById("play");
  const speed = document.getElementById("speed");

  let current = 0;

  async function play() {
    const run = ++current;
    if (state.get().date === last) state.set({ date: first });
    while (state.get().playing) {
      const { date } = state.get();
      if (date === last) break;
      prefetch(addDays(date, 1));
      await Promise.all([wait(1000 / Number(speed.value)), Promise.race([settled(), wait(LONGEST_WAIT)])]);
      // Paused meanwhile, or paused and started again: another run continues from here.
      if (run !== current || !state.get().playing) return;
      if (state.get().date === date) state.set({ date: addDays(date, 1) });
    }
    state.set({ playing: false });
  }

  button.addEventListener("click", () => state.set({ playing: !state.get().playing }));
  state.on(["playing"], ({ playing }) => {
    button.setAttribute("aria-pressed", String(playing));
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
    if (playing) play();
  });
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
