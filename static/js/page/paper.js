import { element } from "../lib/element.js";
import { snapshot } from "../map/picture.js";

/** Puts the map on paper: a canvas prints empty, so a picture of it takes its place while printing. */
export function startPaper(maps, headline) {
  const picture = element("img", { class: "paper-map", alt: "" });
  addEventListener("beforeprint", () => {
    picture.src = snapshot(maps());
    maps()[0].getContainer().before(picture);
    document.getElementById("paper-headline").textContent = headline();
    document.getElementById("paper-link").textContent = location.href;
  });
  addEventListener("afterprint", () => picture.remove());
}
