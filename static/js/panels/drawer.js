const drawer = document.getElementById("drawer");
const heading = document.getElementById("drawer-title");
const content = document.getElementById("drawer-content");
let shown = null; // {owner, opener} of the place that has the drawer

document.getElementById("drawer-close").addEventListener("click", closeDrawer);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown && !document.querySelector("dialog[open]")) closeDrawer();
});

/**
 * Opens the drawer for a place: one at a time has it. `owner` is told to `close()` when the reader closes it.
 * `label` names the drawer, `figures` its content, `size` and `code` stand at its foot; `opener` is the element to
 * which the focus returns.
 */
export function takeDrawer(owner, { label, figures, title, size, code, opener }) {
  shown = { owner, opener: opener ?? null };
  drawer.hidden = false;
  document.body.dataset.drawer = "open";
  drawer.setAttribute("aria-label", label);
  content.ariaLabel = figures;
  heading.textContent = title;
  document.getElementById("drawer-place").textContent = "";
  document.getElementById("drawer-size").textContent = size;
  document.getElementById("drawer-code").textContent = code;
  heading.focus({ preventScroll: true });
}

/** Gives the drawer back and returns true; false for a place that no longer has it. */
export function leaveDrawer(owner) {
  if (shown?.owner !== owner) return false;
  const { opener } = shown;
  const hadFocus = drawer.contains(document.activeElement) || document.activeElement === document.body;
  shown = null;
  drawer.hidden = true;
  delete document.body.dataset.drawer;
  const back = opener?.isConnected ? opener : document.querySelector(".maplibregl-canvas");
  if (hadFocus) back?.focus({ preventScroll: true });
  return true;
}

/** Closes whatever is open. */
export function closeDrawer() {
  shown?.owner.close();
}

/** The name of the place, and a line below it. */
export function nameDrawer(title, place = "") {
  heading.textContent = title;
  document.getElementById("drawer-place").textContent = place;
}

/** Puts the sections in; those that were unfolded stay so, and the focus stays where it was. */
export function fillDrawer(sections) {
  const unfolded = [...content.querySelectorAll("details[open][data-name]")].map((each) => each.dataset.name);
  const focused = document.activeElement?.dataset.action;
  content.replaceChildren(...sections.filter(Boolean));
  for (const each of content.querySelectorAll("details[data-name]")) each.open = unfolded.includes(each.dataset.name);
  if (focused) content.querySelector(`[data-action="${focused}"]`)?.focus({ preventScroll: true });
}

/** Says whether the figures are being read. */
export function busyDrawer(isBusy) {
  if (isBusy) content.setAttribute("aria-busy", "true");
  else content.removeAttribute("aria-busy");
}
