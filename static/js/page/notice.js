import { text } from "../lib/text.js";

const box = document.getElementById("notice");
const words = document.getElementById("notice-text");
const action = document.getElementById("notice-action");
const busy = document.getElementById("busy");
const BUSY_DELAY = 300; // ms; shorter waits need no sign
/** The kinds of notices from the weakest up: a weaker one never replaces a stronger one. */
const KINDS = ["empty", "told", "news", "error"];
let busyTimer = 0;

/**
 * Shows one plain sentence over the map until `clearNotice` is called with the same kind: "empty" that there is nothing
 * to see, "told" something the reader should know, "news" that there is newer data, "error" that something failed.
 * `button` is {label, run} or undefined.
 */
export function showNotice(kind, message, button) {
  if (!box.hidden && KINDS.indexOf(box.dataset.kind) > KINDS.indexOf(kind)) return;
  box.dataset.kind = kind;
  if (words.textContent !== message) words.textContent = message;
  action.hidden = button === undefined;
  if (button) {
    action.textContent = button.label;
    action.onclick = button.run;
  }
  box.hidden = false;
}

/** Says a sentence that the reader may put away. */
export function tell(sentence) {
  showNotice("told", sentence, { label: text("close"), run: () => clearNotice("told") });
}

export function clearNotice(kind) {
  if (box.dataset.kind === kind) box.hidden = true;
}

export function showBusy(on) {
  clearTimeout(busyTimer);
  if (on) busyTimer = setTimeout(() => { busy.hidden = false; }, BUSY_DELAY);
  else busy.hidden = true;
}
