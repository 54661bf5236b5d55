/** An element with attributes and children; a child that is a text becomes text and never markup, null is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** JSON as people read it. */
export function code(value) {
  return element("pre", { tabindex: "0" }, element("code", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)));
}
