import { element } from "../lib/element.js";

/**
 * Calls `onPlace({properties, geometry})` for a click or tap on a cell or an area, and for Enter with the map in focus,
 * which picks the one under the cross in the middle. `onNothing()` is called if there is none. A mouse over one shows
 * what `describe(properties)` says of it, a list of lines. Returns `at(point)`, which picks at a pixel and says whether
 * there was anything.
 */
export function startPicking(map, cells, { onPlace, onNothing, describe }) {
  const canvas = map.getCanvas();
  const tip = element("div", { class: "tip", "aria-hidden": "true", hidden: true });
  map.getContainer().append(tip);
  const pick = (point) => {
    const [feature] = cells.cells(point);
    if (!feature) onNothing();
    else onPlace({ properties: feature.properties, geometry: feature.geometry });
    return Boolean(feature);
  };
  map.on("click", (event) => pick(event.point));
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    pick(map.project(map.getCenter()));
  });
  map.on("mousemove", (event) => {
    const [feature] = cells.cells(event.point);
    cells.hover(feature?.id ?? null);
    canvas.style.cursor = feature ? "pointer" : "";
    point(tip, event, feature && describe(feature.properties), map);
  });
  map.on("mouseout", () => {
    cells.hover(null);
    tip.hidden = true;
  });
  map.on("movestart", () => { tip.hidden = true; });
  showCrosshair(map);
  return { at: pick };
}

/** Puts the tip beside the mouse, on the side where there is room. */
function point(tip, { point: { x, y }, originalEvent }, lines, map) {
  tip.hidden = !lines || originalEvent.pointerType === "touch";
  if (tip.hidden) return;
  tip.replaceChildren(...lines.map((line, index) => element(index === 0 ? "strong" : "span", { text: line })));
  const { clientWidth, clientHeight } = map.getContainer();
  const left = x + 14 + tip.offsetWidth > clientWidth ? x - 14 - tip.offsetWidth : x + 14;
  const top = y + 14 + tip.offsetHeight > clientHeight ? y - 14 - tip.offsetHeight : y + 14;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/** Marks the middle of the map while it is moved with the keyboard. */
function showCrosshair(map) {
  const canvas = map.getCanvas();
  const crosshair = document.getElementById("crosshair");
  const place = () => {
    const { x, y } = map.project(map.getCenter());
    crosshair.style.transform = `translate(${x}px, ${y}px)`;
  };
  canvas.addEventListener("focus", () => {
    crosshair.hidden = !canvas.matches(":focus-visible");
    place();
  });
  canvas.addEventListener("blur", () => { crosshair.hidden = true; });
  map.on("resize", place);
  map.on("move", () => { if (!crosshair.hidden) place(); });
}
