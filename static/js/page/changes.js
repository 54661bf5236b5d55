import { address } from "../lib/api.js";
import { authorization } from "../lib/session.js";

const FIRST_WAIT = 2_000; // ms before the next try; doubled after each one that fails
const LONGEST_WAIT = 120_000;

/**
 * Hears from the server that data have changed (server-sent events), as long as the page is in view. `onChange()` is
 * called for each change, and after a connection that was lost is back. Not EventSource: that sends no credentials.
 */
export function startChanges(dataset, onChange) {
  let request = null;
  let timer = 0;
  let wait = FIRST_WAIT;
  let last = null; // id of the last message

  async function listen() {
    clearTimeout(timer);
    if (request || document.visibilityState !== "visible") return;
    const mine = new AbortController();
    request = mine;
    try {
      const headers = { Accept: "text/event-stream", ...authorization(), ...(last && { "Last-Event-ID": last }) };
      const answer = await fetch(address("v1/changes", { dataset }), { headers, signal: mine.signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      if (wait > FIRST_WAIT) onChange();
      wait = FIRST_WAIT;
      await read(answer.body, (message) => {
        last = message.id ?? last;
        if (message.data !== undefined && message.event !== "begin") onChange();
      });
    } catch {
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
    if (request !== mine) return;
    request = null;
    timer = setTimeout(listen, wait);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return listen();
    request?.abort();
    request = null;
    clearTimeout(timer);
  });
  listen();
}

/** Reads messages as they come: fields by name, `data` and `id` among them; comments have none. */
async function read(body, onMessage) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const messages = (rest + piece.value.replaceAll("\r", "")).split("\n\n");
    rest = messages.pop();
    for (const message of messages) onMessage(fields(message));
  }
}

function fields(message) {
  const found = {};
  for (const [, name, value] of message.matchAll(/^(\w+): ?(.*)$/gm)) found[name] = value;
  return found;
}
