/** An element with attributes and children; a string becomes text, never markup, and null is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A string as it is, or a value as readable JSON. */
export function code(value) {
  return element("pre", { tabindex: "0" }, element("code", {}, typeof value === "string" ? value : json(value)));
}

/** JSON with one member per line, and lists of plain values such as coordinates on one line. */
export function json(value, indent = "") {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || flat.length < 3) return flat;
  const isList = Array.isArray(value);
  if (isList && value.every((each) => typeof each !== "object")) {
    return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
  }
  const inner = `${indent}  `;
  const lines = isList
    ? value.map((each) => inner + json(each, inner))
    : Object.entries(value).map(([name, each]) => `${inner}${JSON.stringify(name)}: ${json(each, inner)}`);
  return `${isList ? "[" : "{"}\n${lines.join(",\n")}\n${indent}${isList ? "]" : "}"}`;
}
