import { button, element } from "../../lib/element.js";
import { asBrief } from "../../lib/format.js";
import { onSession } from "../../lib/session.js";
import { text } from "../../lib/text.js";
import { busyDrawer, fillDrawer, leaveDrawer, nameDrawer, takeDrawer } from "../drawer.js";
import { reportSection } from "../take.js";
import { readArea } from "./reading.js";
import { figuresSection, monthsSection, peersSection, periodSection, trendSection } from "./sections.js";

const KEYS = ["date", "period", "compare", "kinds", "measure", "generation"];
const QUIET = 150; // ms without another change before the area is read again

/**
 * The drawer that tells of one area, the state's `area`. `show({area, name, opener, onPlace})` opens it; a link may as
 * well. `outline(geometry)` marks the area on the map; `onPlace(geometry)` hears once where it is.
 */
export function createAreaDrawer(state, { outline }) {
  const owner = { close };
  let open = null; // {area, onPlace, request}
  let timer = 0;

  function show({ area, name, opener, onPlace = () => {} }) {
    open?.request.abort();
    open = { area, onPlace, request: new AbortController() };
    outline(null);
    takeDrawer(owner, {
      label: text("area.label", { name: name ?? area }), figures: text("area.figures"), opener,
      title: name ?? text("area.title"), size: text("area.id"), code: area,
    });
    fillDrawer([element("p", { class: "hint", text: text("loading") })]);
    state.set({ area, cell: null, playing: false });
    read();
  }

  async function read() {
    open.request.abort();
    const request = new AbortController();
    open.request = request;
    busyDrawer(true);
    try {
      const told = await readArea(state.get(), open.area, request.signal);
      if (!request.signal.aborted) fill(told);
    } catch (problem) {
      if (problem.name === "AbortError" || request.signal.aborted) return;
      fillDrawer([element("p", { class: "fault", text: text("area.failed", { reason: problem.message }) }),
        button("text-button", text("retry"), read)]);
    } finally {
      if (!request.signal.aborted) busyDrawer(false);
    }
  }

  function fill(told) {
    const { area: { name, km2, geometry }, layer } = told;
    const surface = text("area.surface", { layer: layer.name, number: asBrief(km2) });
    nameDrawer(name, layer.approximate ? `${surface} · ${text("areas.approximate.short")}` : surface);
    document.getElementById("drawer").setAttribute("aria-label", text("area.label", { name }));
    if (geometry) {
      outline(geometry);
      open.onPlace(geometry);
      open.onPlace = () => {};
    }
    const choose = ({ id, name: other }) => show({ area: id, name: other, onPlace: () => {} });
    fillDrawer([
      periodSection(told), figuresSection(told), trendSection(told), monthsSection(told), peersSection(told, choose),
      told.isExact ? reportSection(state, { area: told.area.id }) : null,
    ]);
  }

  function close() {
    if (!open) return;
    const { request } = open;
    open = null;
    request.abort();
    clearTimeout(timer);
    if (leaveDrawer(owner)) outline(null);
    state.set({ area: null });
  }

  state.on(KEYS, ({ playing }) => {
    clearTimeout(timer);
    if (open && !playing) timer = setTimeout(() => open && read(), QUIET);
  });
  // A user who has signed in may see more.
  onSession(() => open && read());
  state.on(["area"], ({ area }) => {
    if (area === null) close();
    else if (area !== open?.area) show({ area });
  });
  if (state.get().area !== null) show({ area: state.get().area });
  return { show };
}
