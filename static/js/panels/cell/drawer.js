import { extent, resolutionOf } from "../../lib/cells.js";
import { button, element } from "../../lib/element.js";
import { coordinates } from "../../lib/format.js";
import { onSession } from "../../lib/session.js";
import { text } from "../../lib/text.js";
import { cellWidth } from "../../lib/width.js";
import { busyDrawer, fillDrawer, leaveDrawer, nameDrawer, takeDrawer } from "../drawer.js";
import { reportSection } from "../take.js";
import { readCell } from "./reading.js";
import { daySection, eventsSection, historySection, outlookSection, periodSection, weekSection } from "./sections.js";

const KEYS = ["date", "period", "compare", "kinds", "generation"];
const QUIET = 150; // ms without another change before the cell is read again

/**
 * The drawer that tells of one cell, the state's `cell`. `show({cell, geometry, opener})` opens it; a link may as well.
 * `outline(geometry)` marks the cell on the map; `place(geometry)` resolves with a name for it.
 */
export function createDrawer(state, { outline, place, description, canReadEvents }) {
  const owner = { close };
  let open = null; // {cell, geometry, request}
  let timer = 0;

  function show({ cell, geometry, opener }) {
    open?.request.abort();
    open = { cell, geometry: geometry ?? null, request: new AbortController() };
    takeDrawer(owner, {
      label: text("cell.label", { cell }), figures: text("cell.figures"), title: text("cell.title"),
      size: cellWidth(resolutionOf(cell)), code: cell, opener,
    });
    fillDrawer([element("p", { class: "hint", text: text("loading") })]);
    if (geometry) locate(geometry);
    state.set({ cell, area: null, playing: false });
    read();
  }

  function locate(geometry, area) {
    const { cell } = open;
    open.geometry = geometry;
    outline(geometry);
    const where = coordinates(extent(geometry).middle);
    nameDrawer(where);
    place(geometry, area).then((name) => {
      if (open?.cell === cell) nameDrawer(name, name === where ? "" : where);
    });
  }

  async function read() {
    open.request.abort();
    const request = new AbortController();
    open.request = request;
    const { cell, geometry } = open;
    busyDrawer(true);
    try {
      const told = await readCell(state.get(), cell, geometry, canReadEvents(), request.signal);
      if (request.signal.aborted) return;
      if (told.geometry) locate(told.geometry, told.row?.area ?? told.outlook?.area);
      fill(told);
    } catch (problem) {
      if (problem.name === "AbortError" || request.signal.aborted) return;
      fillDrawer([element("p", { class: "fault", text: text("cell.failed", { reason: problem.message }) }),
        button("text-button", text("retry"), read)]);
    } finally {
      if (!request.signal.aborted) busyDrawer(false);
    }
  }

  function fill(told) {
    const go = (day) => state.set({ date: day, playing: false });
    fillDrawer([
      outlookSection(told), periodSection(told), daySection(told, description, go), historySection(told, go),
      weekSection(told), eventsSection(told), reportSection(state, { cell: told.cell }),
    ]);
  }

  function close() {
    if (!open) return;
    const { request } = open;
    open = null;
    request.abort();
    clearTimeout(timer);
    if (leaveDrawer(owner)) outline(null);
    state.set({ cell: null });
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
  return { show };
}
