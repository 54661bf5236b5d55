const box = document.getElementById("notice");
const text = document.getElementById("notice-text");
const action = document.getElementById("notice-action");
const busy = document.getElementById("busy");
const BUSY_DELAY = 300; // ms; shorter waits need no sign
let busyTimer = 0;

/**
 * Shows one plain sentence over the map until `clearNotice` is called with the same kind.
 * `kind` is "error" or "empty"; an error is never replaced by a notice that nothing is shown.
 * `button` is {label, run} or undefined.
 */
export function showNotice(kind, message, button) {
  if (kind === "empty" && !box.hidden && box.dataset.kind === "error") return;
  box.dataset.kind = kind;
  if (text.textContent !== message) text.textContent = message;
  action.hidden = button === undefined;
  if (button) {
    action.textContent = button.label;
    action.onclick = button.run;
  }
  box.hidden = false;
}

export function clearNotice(kind) {
  if (box.dataset.kind === kind) box.hidden = true;
}

export function showBusy(on) {
  clearTimeout(busyTimer);
  if (on) busyTimer = setTimeout(() => { busy.hidden = false; }, BUSY_DELAY);
  else busy.hidden = true;
}
