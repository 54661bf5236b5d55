import { recall, remember } from "./memory.js";

const KEY = "hextant-theme";
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];

// Runs before the first paint (blocking="render"), so that a choice does not flash: the link's, or a remembered one.
const linked = new URLSearchParams(location.search).get("theme");
const chosen = ["light", "dark"].find((each) => each === linked) ?? recall(KEY);
if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

/** "light" or "dark": the user's choice, or that of the system. */
export function theme() {
  return root.dataset.theme ?? (dark.matches ? "dark" : "light");
}

/** Calls `listener()` after the button or the system has changed the colours. */
export function onTheme(listener) {
  listeners.push(listener);
}

/** The value of a colour property of the style sheet in the current theme, as `rgb(...)`. */
export function colour(property) {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  // The map keeps its colours where the system replaces those of texts: a canvas has no others.
  probe.style.setProperty("forced-color-adjust", "none");
  probe.hidden = true;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export function startThemeButton() {
  const button = document.getElementById("theme");
  const show = () => button.setAttribute("aria-pressed", String(theme() === "dark"));
  button.addEventListener("click", () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    remember(KEY, root.dataset.theme);
    changed();
  });
  dark.addEventListener("change", changed);
  listeners.push(show);
  show();
}

function changed() {
  for (const listener of listeners) listener();
}
