/* global maplibregl */
import { fetchCell, resolutionOf } from "./api.js";
import { longDay } from "./days.js";
import { extent, select } from "./map/selection.js";
import { figures as describe } from "./figures.js";

/**
 * The card over one cell. When the day changes, it shows the figures of the same cell on that day. `hasNames` says
 * that the dataset's cells have names of places.
 */
export function createPopup(map, state, { hasNames = false } = {}) {
  let open = null; // {popup, content, cell, lastDay, opener, placed}
  let request = new AbortController();

  function show({ cell, figures, geometry, opener, lastDay }) {
    close();
    const { middle } = extent(geometry);
    const content = document.createElement("div");
    const popup = new maplibregl.Popup({ maxWidth: "none", offset: 6, closeOnClick: false, focusAfterOpen: false });
    popup.setLngLat(middle).setDOMContent(content).addTo(map);
    const element = popup.getElement();
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", `Cell ${cell}`);
    popup.on("close", closed);
    open = { popup, content, cell, lastDay, opener: opener ?? map.getCanvas() };
    select(map, geometry);
    if (figures) fill(figures);
    // Tiles have the figures at once, but no names of places.
    if (figures && hasNames) addName(cell, figures);
    if (!figures) refresh();
    // MapLibre puts the button after the content; keyboard users land on it, and the dialog's name is read aloud.
    element.querySelector(".maplibregl-popup-close-button").focus({ preventScroll: true });
  }

  function fill(row) {
    const { cell, lastDay: day } = open;
    const other = day && { day, go: () => state.set({ date: day, playing: false }) };
    const card = describe({ cell, resolution: resolutionOf(cell), date: state.get().date, row, other });
    put(card);
  }

  /** Fills the card. The first time, as soon as its size is known, the map makes room for it. */
  function put(content) {
    const { popup, placed } = open;
    open.content.replaceChildren(content);
    popup.setLngLat(popup.getLngLat());
    open.placed = true;
    if (!placed) requestAnimationFrame(() => bringIntoView(map, popup.getElement()));
  }

  /** Adds the name of the place to figures that came without it. Without a name the card is as good. */
  async function addName(cell, figures) {
    const { dataset, date } = state.get();
    try {
      const row = await fetchCell(dataset, date, cell);
      if (row?.area && open?.cell === cell && state.get().date === date) fill({ ...figures, area: row.area });
    } catch {
      // The figures are there; nothing else is missing.
    }
  }

  async function refresh() {
    request.abort();
    request = new AbortController();
    const { dataset, date } = state.get();
    const { signal } = request;
    const { cell } = open;
    try {
      const row = await fetchCell(dataset, date, cell, signal);
      if (!signal.aborted && open) fill(row);
    } catch (error) {
      if (error.name !== "AbortError" && open) {
        say(`The figures of ${longDay(date)} could not be loaded. ${error.message}`);
      }
    }
  }

  function say(sentence) {
    const line = document.createElement("p");
    line.className = "popup-message";
    line.textContent = sentence;
    put(line);
  }

  function closed() {
    const { opener, popup } = open;
    const hadFocus = popup.getElement()?.contains(document.activeElement) ?? false;
    open = null;
    request.abort();
    select(map, null);
    if (hadFocus || document.activeElement === document.body) opener.focus({ preventScroll: true });
  }

  function close() {
    open?.popup.remove();
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  state.on(["date"], () => {
    if (open) refresh();
  });
  return { show, close };
}

/** Moves the map as far as needed to show the whole card next to the controls over the map. */
function bringIntoView(map, element) {
  if (!element?.isConnected) return;
  const card = element.getBoundingClientRect();
  const stage = map.getContainer().getBoundingClientRect();
  const { top, bottom } = map.getPadding();
  const margin = 12;
  const dx = Math.min(0, card.left - stage.left - margin) + Math.max(0, card.right - stage.right + margin);
  const above = Math.min(0, card.top - stage.top - top - margin);
  const dy = above + Math.max(0, card.bottom - stage.bottom + bottom + margin);
  if (dx !== 0 || dy !== 0) map.panBy([dx, dy], { duration: 250 });
}
