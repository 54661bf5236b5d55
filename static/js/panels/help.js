import { element } from "../lib/element.js";
import { asBrief, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { FEWEST_UNUSUAL } from "../map/looks.js";
import { startLanguage } from "./language.js";

const dialog = document.getElementById("help");
const TERMS = ["cell", "score", "level", "unusual", "trend", "hotspot", "forecast", "areas", "limits"];
const KEYS = ["arrows", "zoom", "enter", "escape", "space", "days", "question"];

/** The dialog that explains the words of the page and its keys. */
export function startHelp() {
  document.getElementById("open-help").addEventListener("click", openHelp);
  document.getElementById("help-close").addEventListener("click", () => dialog.close());
  startLanguage();
}

/** Fills in what the dataset decides: its thresholds and what it calls unusual. */
export function explain({ thresholds, flagZ }) {
  const values = {
    medium: asBrief(thresholds.medium), high: asBrief(thresholds.high), critical: asBrief(thresholds.critical),
    flag: asBrief(flagZ), fewest: asWhole(FEWEST_UNUSUAL), weeks: asWhole(52), ten: asWhole(10), five: asWhole(5),
  };
  document.getElementById("help-terms").replaceChildren(...TERMS.flatMap((term) => [
    element("dt", { text: text(`help.${term}`) }), element("dd", { text: text(`help.${term}.meaning`, values) }),
  ]));
  document.getElementById("help-keys").replaceChildren(...KEYS.flatMap((key) => [
    element("dt", {}, element("kbd", { text: text(`key.${key}`) })),
    element("dd", { text: text(`key.${key}.meaning`) }),
  ]));
}

export function openHelp() {
  if (!dialog.open) dialog.showModal();
}
