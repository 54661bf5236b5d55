import { element } from "../lib/element.js";

/** A part of the drawer with its heading. */
export function section(name, title, ...children) {
  const id = `cell-${name}`;
  const heading = element("h3", { id, text: title });
  return element("section", { class: "cell-section", "aria-labelledby": id }, heading, ...children);
}
