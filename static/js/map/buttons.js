/* global maplibregl */
import { drawn, element } from "../lib/element.js";
import { text } from "../lib/text.js";
import { showAll } from "./create.js";

/** Adds the buttons and the scale to the map of a dataset with these bounds. */
export function addButtons(map, bounds) {
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ViewButtons(() => showAll(map, bounds, true)), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-right");
}

/** Buttons for the whole dataset and, where the browser allows it, for the whole screen. */
class ViewButtons {
  constructor(reset) {
    const whole = iconButton("reset-view", text("map.reset"), "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5");
    whole.addEventListener("click", reset);
    this.group = element("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, whole);
    if (!document.fullscreenEnabled) return;
    const screen = iconButton("full-screen", text("map.fullScreen"), "M3 5h18v14H3zM3 15h6v4");
    screen.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => {});
    });
    this.group.append(screen);
  }

  onAdd() {
    return this.group;
  }

  onRemove() {
    this.group.remove();
  }
}

function iconButton(name, label, path) {
  const made = element("button", { type: "button", class: name, "aria-label": label, title: label });
  const lines = { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.8 };
  made.append(drawn("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn("path", lines)));
  return made;
}
