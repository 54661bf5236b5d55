import { explain, Problem } from "../lib/problem.js";

/** The description of the API (OpenAPI 3.1). Its parts may refer to each other within the file. */
export class Description {
  constructor(document) {
    this.document = document;
  }

  static async load() {
    const response = await fetch(new URL("openapi.json", document.baseURI));
    if (!response.ok) throw new Problem(response.status, await explain(response));
    return new Description(await response.json());
  }

  /** The target of a reference (`{ $ref }`), or the value itself. */
  resolved(value) {
    let found = value;
    while (found?.$ref !== undefined) {
      const names = found.$ref.slice(2).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
      found = names.reduce((inner, name) => inner[name], this.document);
    }
    return found;
  }

  /** Tags in order, each with its operations: `{ name, description, operations: [{ method, path, ...operation }] }`. */
  groups() {
    const operations = Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
    );
    return this.document.tags.map((tag) => ({
      ...tag,
      operations: operations.filter((operation) => operation.tags.includes(tag.name)),
    }));
  }

  /** An example of a value of the schema: the given one, or one built from its parts. */
  example(schema) {
    const { example, examples, const: constant, enum: names, default: usual, type, items, properties, oneOf, anyOf } =
      this.resolved(schema) ?? {};
    if (example !== undefined) return example;
    const given = examples?.[0] ?? constant ?? usual ?? names?.[0];
    if (given !== undefined) return given;
    if (oneOf ?? anyOf) return this.example((oneOf ?? anyOf)[0]);
    if (properties) {
      return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, this.example(part)]));
    }
    if (items) return [this.example(items)];
    return { integer: 0, number: 0, boolean: true, null: null }[[type].flat()[0]] ?? "";
  }
}
