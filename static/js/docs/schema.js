import { element } from "./element.js";

const DEEPEST = 6; // levels: those of a GeoJSON geometry inside a feature

/** The type, range and allowed values of a schema in words. */
export function summary(description, schema) {
  const {
    type, const: constant, enum: names, items, format, pattern, minimum, maximum, exclusiveMinimum, oneOf, anyOf,
  } = description.resolved(schema) ?? {};
  if (constant !== undefined) return JSON.stringify(constant);
  if (names) return names.map((name) => JSON.stringify(name)).join(" or ");
  if (oneOf ?? anyOf) return [...new Set((oneOf ?? anyOf).map((part) => summary(description, part)))].join(" or ");
  const types = [type ?? "any"].flat().join(" or ");
  const kind = items ? `${types} of ${summary(description, items)}` : types;
  const range =
    minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}`
    : minimum !== undefined ? `from ${minimum}`
    : exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}`
    : maximum !== undefined ? `up to ${maximum}`
    : null;
  return [kind, format, range, format ? null : pattern]
    .filter((part) => part !== null && part !== undefined).join(", ");
}

/** The parts of a schema as nested lists; null for a schema that has none. */
export function parts(description, schema, depth = 0) {
  const { properties, required, items, oneOf, anyOf } = description.resolved(schema) ?? {};
  if (depth > DEEPEST) return null;
  if (items) return parts(description, items, depth + 1);
  const choices = (oneOf ?? anyOf)?.map((part) => parts(description, part, depth + 1)).filter((part) => part !== null);
  if (choices) return choices.length > 0 ? element("div", { class: "choices" }, choices) : null;
  if (!properties) return null;
  return element(
    "dl",
    { class: "fields" },
    Object.entries(properties).flatMap(([name, part]) => [
      element("dt", {}, element("code", {}, name), required?.includes(name) ? null : element("small", {}, " optional")),
      element(
        "dd",
        {},
        element("span", { class: "type" }, summary(description, part)),
        text(part.description ?? description.resolved(part)?.description),
        parts(description, part, depth + 1),
      ),
    ]),
  );
}

/** A sentence after a type. */
export function text(sentence) {
  return sentence ? element("span", { class: "sentence" }, sentence) : null;
}
