import { cellWidth, extent, resolutionOf } from "../../lib/cells.js";
import { button, element } from "../../lib/element.js";
import { coordinates } from "../../lib/format.js";
import { onSession } from "../../lib/session.js";
import { text } from "../../lib/text.js";
import { saveReport } from "../take.js";
import { readCell } from "./reading.js";
import { daySection, eventsSection, historySection, outlookSection, periodSection, weekSection } from "./sections.js";

const KEYS = ["date", "period", "compare", "kinds", "generation"];
const QUIET = 150; // ms without another change before the cell is read again

/**
 * The drawer that tells of one cell, the state's `cell`. `show({cell, geometry, opener})` opens it; a link may as well.
 * `outline(geometry)` marks the cell on the map; `place(geometry)` resolves with a name for it.
 */
export function createDrawer(state, { outline, place, description, canReadEvents }) {
  const drawer = document.getElementById("drawer");
  const content = document.getElementById("drawer-content");
  const heading = document.getElementById("drawer-title");
  let open = null; // {cell, geometry, opener, request}
  let timer = 0;

  document.getElementById("drawer-close").addEventListener("click", close);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !document.querySelector("dialog[open]")) close();
  });

  function show({ cell, geometry, opener }) {
    open?.request.abort();
    open = { cell, geometry: geometry ?? null, opener: opener ?? null, request: new AbortController() };
    drawer.hidden = false;
    document.body.dataset.drawer = "open";
    drawer.setAttribute("aria-label", text("cell.label", { cell }));
    heading.textContent = text("cell.title");
    document.getElementById("drawer-size").textContent = cellWidth(resolutionOf(cell));
    document.getElementById("drawer-code").textContent = cell;
    content.replaceChildren(element("p", { class: "hint", text: text("loading") }));
    if (geometry) locate(geometry);
    heading.focus({ preventScroll: true });
    state.set({ cell, playing: false });
    read();
  }

  function locate(geometry, area) {
    const { cell } = open;
    open.geometry = geometry;
    outline(geometry);
    const where = coordinates(extent(geometry).middle);
    heading.textContent = where;
    place(geometry, area).then((name) => {
      if (open?.cell !== cell) return;
      heading.textContent = name;
      document.getElementById("drawer-place").textContent = name === where ? "" : where;
    });
  }

  async function read() {
    open.request.abort();
    const request = new AbortController();
    open.request = request;
    const { cell, geometry } = open;
    content.setAttribute("aria-busy", "true");
    try {
      const told = await readCell(state.get(), cell, geometry, canReadEvents(), request.signal);
      if (request.signal.aborted) return;
      if (told.geometry) locate(told.geometry, told.row?.area ?? told.outlook?.area);
      fill(told);
    } catch (problem) {
      if (problem.name === "AbortError" || request.signal.aborted) return;
      content.replaceChildren(element("p", { class: "fault", text: text("cell.failed", { reason: problem.message }) }),
        button("text-button", text("retry"), read));
    } finally {
      if (!request.signal.aborted) content.removeAttribute("aria-busy");
    }
  }

  /** Puts the sections in; those that were unfolded stay so, and the focus stays where it was. */
  function fill(told) {
    const unfolded = [...content.querySelectorAll("details[open][data-name]")].map((each) => each.dataset.name);
    const focused = document.activeElement?.dataset.action;
    const go = (day) => state.set({ date: day, playing: false });
    const sections = [
      outlookSection(told), periodSection(told), daySection(told, description, go), historySection(told, go),
      weekSection(told), eventsSection(told), reportSection(told.cell),
    ];
    content.replaceChildren(...sections.filter(Boolean));
    for (const each of content.querySelectorAll("details[data-name]")) each.open = unfolded.includes(each.dataset.name);
    if (focused) content.querySelector(`[data-action="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** The page about the cell to take to a meeting. */
  function reportSection(cell) {
    const note = element("p", { class: "hint", role: "status" });
    const save = () => saveReport(state.get(), cell)
      .catch((problem) => text("take.failed", { reason: problem.message }))
      .then((sentence) => { note.textContent = sentence; });
    return element("section", {}, button("text-button", text("take.report"), save, { "data-action": "report" }), note);
  }

  function close() {
    if (!open) return;
    const { opener, request } = open;
    const hadFocus = drawer.contains(document.activeElement) || document.activeElement === document.body;
    open = null;
    request.abort();
    clearTimeout(timer);
    drawer.hidden = true;
    delete document.body.dataset.drawer;
    outline(null);
    state.set({ cell: null });
    const back = opener?.isConnected ? opener : document.querySelector(".maplibregl-canvas");
    if (hadFocus) back?.focus({ preventScroll: true });
  }

  state.on(KEYS, ({ playing }) => {
    clearTimeout(timer);
    if (open && !playing) timer = setTimeout(() => open && read(), QUIET);
  });
  // A user who has signed in may see more.
  onSession(() => open && read());
  state.on(["cell"], ({ cell }) => {
    if (cell === null) close();
    else if (cell !== open?.cell) show({ cell });
  });
  if (state.get().cell) show({ cell: state.get().cell });
  return { show, close };
}
