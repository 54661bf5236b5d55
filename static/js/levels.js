import { colour } from "./theme.js";

/** Risk levels in ascending order, with the server's names. */
export const LEVELS = ["low", "medium", "high", "critical"];

/** The scores that a level covers, from the server's thresholds: at most 25, 50, 75, 100. */
const RANGES = { low: "0–25", medium: "25–50", high: "50–75", critical: "75–100" };

/** The colour of a level in the current theme. */
export function levelColour(level) {
  return colour(`--level-${level}`);
}

export function levelName(level) {
  return level[0].toUpperCase() + level.slice(1);
}

/** Builds the legend. Its entries also switch the levels on and off. */
export function startLevels(state) {
  const group = document.getElementById("levels");
  const boxes = LEVELS.map((level) => {
    const label = document.createElement("label");
    label.className = "level";
    label.dataset.level = level;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = level;
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.className = "level-name";
    name.textContent = levelName(level);
    const range = document.createElement("span");
    range.className = "level-range";
    range.textContent = RANGES[level];
    label.append(box, swatch, name, range);
    group.append(label);
    box.addEventListener("change", () => {
      state.set({ levels: boxes.filter((each) => each.checked).map((each) => each.value) });
    });
    return box;
  });
  const show = ({ levels }) => boxes.forEach((box) => { box.checked = levels.includes(box.value); });
  state.on(["levels"], show);
  show(state.get());

  const anomalies = document.getElementById("anomalies");
  const showAnomalies = (values) => { anomalies.checked = values.anomalies; };
  anomalies.addEventListener("change", () => state.set({ anomalies: anomalies.checked }));
  state.on(["anomalies"], showAnomalies);
  showAnomalies(state.get());
}
