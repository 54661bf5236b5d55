import { attempt } from "./attempt.js";
import { code, element } from "./element.js";
import { parts, summary, text } from "./schema.js";

const WHO = {
  open: "No sign-in: everybody may send this request, and credentials are not looked at.",
  reader: "Public datasets without sign-in, private ones with.",
  analyst: "Needs the role analyst or admin.",
  admin: "Needs the role admin.",
};

/** The description of an operation, folded up. `credential()` returns the token or key for trying it. */
export function operationView(description, operation, credential) {
  const access = operation["x-hextant-access"];
  return element(
    "details",
    { id: operation.operationId, class: "operation", "data-method": operation.method },
    element(
      "summary",
      {},
      element("span", { class: "method" }, operation.method),
      element("code", { class: "path" }, breakable(operation.path)),
      element("span", { class: "summary" }, operation.summary),
      element("span", { class: "access" }, access),
    ),
    element(
      "div",
      { class: "operation-body" },
      operation.description ? element("p", {}, operation.description) : null,
      element("p", {}, WHO[access], ...(operation["x-hextant-access-when"] ?? []).map(condition)),
      parameters(description, operation),
      requestBody(description, operation),
      answers(description, operation),
      operation.method === "GET" ? attempt(description, operation, credential) : null,
    ),
  );
}

function condition({ parameter, access }) {
  return ` With events in ${parameter}, needs the role ${access}.`;
}

/** A path that may break after its slashes on a narrow screen. */
function breakable(path) {
  return path.split(/(?<=\/)/).flatMap((part) => [part, element("wbr")]);
}

function parameters(description, operation) {
  const all = (operation.parameters ?? []).map((parameter) => description.resolved(parameter));
  if (all.length === 0) return null;
  return section(
    "Parameters",
    element(
      "dl",
      { class: "fields" },
      all.flatMap((parameter) => {
        const { name, in: where, required, schema, description: sentence } = parameter;
        const example = parameter.example ?? description.resolved(schema).example;
        return [
          element(
            "dt", {}, element("code", {}, name), element("small", {}, ` ${where}${required ? "" : ", optional"}`)),
          element(
            "dd",
            {},
            element("span", { class: "type" }, summary(description, schema)),
            text(sentence),
            example === undefined
              ? null
              : element(
                "span", { class: "sentence" }, "For example ", element("code", {}, [example].flat().join(","))),
          ),
        ];
      }),
    ),
  );
}

function requestBody(description, { requestBody: body }) {
  if (!body) return null;
  return section("Body", text(body.description), contents(description, body.content));
}

function answers(description, operation) {
  const all = Object.entries(operation.responses).map(([status, response]) => {
    const { description: sentence, headers = {}, content } = description.resolved(response);
    const names = Object.keys(headers);
    return element(
      "details",
      { class: "answer", open: status.startsWith("2") },
      element("summary", {}, element("span", { class: "status" }, status), element("span", {}, sentence)),
      names.length > 0 ? element("p", { class: "hint" }, `Headers: ${names.join(", ")}`) : null,
      content ? contents(description, content) : null,
    );
  });
  return section("Answers", ...all);
}

/** Media types grouped by their schema. */
function contents(description, content) {
  const kinds = new Map();
  for (const [type, { schema, example }] of Object.entries(content)) {
    const known = JSON.stringify(schema ?? {});
    const kind = kinds.get(known) ?? { types: [], schema, example };
    kind.types.push(type);
    kinds.set(known, kind);
  }
  return element(
    "div",
    {},
    [...kinds.values()].map(({ types, schema, example }) => {
      const list = parts(description, schema);
      return element(
        "div",
        { class: "content" },
        element(
          "p", { class: "media" }, types.flatMap((type, index) => [index ? ", " : "", element("code", {}, type)])),
        text(description.resolved(schema)?.description),
        list,
        list || example !== undefined ? code(example ?? description.example(schema)) : null,
      );
    }),
  );
}

function section(title, ...content) {
  return element("section", {}, element("h3", {}, title), ...content);
}
