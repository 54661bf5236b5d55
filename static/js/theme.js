const KEY = "hextant-theme";
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];

// Runs before the first paint (blocking="render"), so that a remembered choice does not flash.
const remembered = recall();
if (remembered) root.dataset.theme = remembered;

/** "light" or "dark": the reader's choice, else the system's. */
export function theme() {
  return root.dataset.theme ?? (dark.matches ? "dark" : "light");
}

/** Calls `listener()` after the colours changed, by the button or by the system. */
export function onTheme(listener) {
  listeners.push(listener);
}

/** The value of a colour property of the style sheet in the present theme, as `rgb(...)`. */
export function colour(property) {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
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
    remember(root.dataset.theme);
    changed();
  });
  dark.addEventListener("change", changed);
  listeners.push(show);
  show();
}

function changed() {
  for (const listener of listeners) listener();
}

function recall() {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null; // storage refused by the browser's settings
  }
}

function remember(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Storage refused: the choice lasts as long as the page.
  }
}
