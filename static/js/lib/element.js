const SVG = "http://www.w3.org/2000/svg";

/**
 * A new HTML element. `attributes` are set as such, except `text` (its content), `on` (listeners by event) and those
 * that are null, undefined or false, which are left out; `children` are nodes or strings, null ones are left out.
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for an element of a drawing. */
export function drawn(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A button that submits nothing. */
export function button(className, text, run, attributes = {}) {
  return element("button", { type: "button", class: className, text, on: { click: run }, ...attributes });
}

function fill(node, { text, on, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  if (text !== undefined) node.textContent = text;
  for (const [event, listener] of Object.entries(on ?? {})) node.addEventListener(event, listener);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}
