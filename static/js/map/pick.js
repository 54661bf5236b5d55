import { FILL, SOURCE } from "./risk.js";

/**
 * Calls `onCell({cell, figures, geometry})` for a click or tap on a cell, and for Enter with the map in focus: then the
 * cell under the cross in the middle is meant. `onNothing()` is called where there is none.
 */
export function startPicking(map, onCell, onNothing) {
  const canvas = map.getCanvas();
  const crosshair = document.getElementById("crosshair");
  const pick = (point) => {
    const [feature] = map.queryRenderedFeatures(point, { layers: [FILL] });
    if (!feature) return onNothing();
    onCell({ cell: feature.properties.h3_index, figures: feature.properties, geometry: feature.geometry });
  };

  map.on("click", (event) => pick(event.point));
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    pick(map.project(map.getCenter()));
  });
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
  followPointer(map);
}

function followPointer(map) {
  let hovered = null;
  const hover = (id) => {
    if (id === hovered) return;
    if (hovered) map.setFeatureState({ source: SOURCE, sourceLayer: "risk", id: hovered }, { hover: false });
    hovered = id;
    if (hovered) map.setFeatureState({ source: SOURCE, sourceLayer: "risk", id: hovered }, { hover: true });
    map.getCanvas().style.cursor = hovered ? "pointer" : "";
  };
  map.on("mousemove", FILL, (event) => hover(event.features[0].id));
  map.on("mouseleave", FILL, () => hover(null));
}
