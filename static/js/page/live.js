import { fetchDataset } from "../lib/api.js";
import { text } from "../lib/text.js";
import { startChanges } from "./changes.js";
import { clearNotice, showNotice } from "./notice.js";

const INTERVAL = 30_000; // ms between two looks; only while the page is in view
const PAUSE = 1_000; // ms between two looks after messages, which may come for every batch
const AWAY = 2; // looks in a row that must fail before the page says that the server is away

/**
 * Looks whether newer data are served: at once when the server says so, and now and then in case it cannot. The map,
 * the lists and the figures follow the state's generation; who looks at the last day goes on to the new one. Says when
 * the server is away, and when it is back.
 */
export function startLive(state, onData) {
  let failures = 0;
  let timer = 0;
  let pause = 0; // the timer of the pause after a look
  let isNews = false; // whether there were messages in the pause

  async function look() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      try {
        take((await fetchDataset(state.get().dataset)).hextant);
        if (failures >= AWAY) clearNotice("error");
        failures = 0;
      } catch (problem) {
        failures += 1;
        if (failures >= AWAY) tellAway(problem);
      }
    }
    timer = setTimeout(look, INTERVAL);
  }

  function tellAway(problem) {
    showNotice("error", text("server.awayNow", { reason: problem.message }), { label: text("retry"), run: look });
  }

  function take(served) {
    const { generation, last, date, playing } = state.get();
    if (served.generation === generation || !served.last_day) return;
    const isFollowing = date === last && !playing;
    state.set({
      generation: served.generation, first: served.first_day, last: served.last_day,
      outlookDays: served.outlook_days ?? [], ...(isFollowing && { date: served.last_day }),
    });
    onData(served);
    showNotice("news", text("live.news"), { label: text("close"), run: () => clearNotice("news") });
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  timer = setTimeout(look, INTERVAL);
  startChanges(state.get().dataset, hear);
  return { look };

  function hear() {
    isNews = true;
    if (pause === 0) lookAtNews();
  }

  function lookAtNews() {
    pause = 0;
    if (!isNews) return;
    isNews = false;
    pause = setTimeout(lookAtNews, PAUSE);
    look();
  }
}
