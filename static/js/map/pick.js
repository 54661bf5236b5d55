/**
 * Calls `onCell({cell, figures, geometry})` for a click or tap on a cell, and for Enter with the map in focus, which
 * picks the cell under the cross in the middle. `onNothing()` is called if there is no cell.
 */
export function startPicking(map, risk, onCell, onNothing) {
  const canvas = map.getCanvas();
  const pick = (point) => {
    const [feature] = risk.cells(point);
    if (!feature) return onNothing();
    // A tile of several days has only scores; without figures they are requested.
    const { h3_index: cell, risk_score: score } = feature.properties;
    onCell({ cell, figures: score === undefined ? undefined : feature.properties, geometry: feature.geometry });
  };
  map.on("click", (event) => pick(event.point));
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    pick(map.project(map.getCenter()));
  });
  map.on("mousemove", (event) => {
    const [feature] = risk.cells(event.point);
    risk.hover(feature?.id ?? null);
    canvas.style.cursor = feature ? "pointer" : "";
  });
  map.on("mouseout", () => risk.hover(null));
  showCrosshair(map);
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
}
