import { code, element, json } from "./element.js";

const LONGEST = 20_000; // characters of an answer that are shown

/** A form that sends a GET and shows its answer. */
export function attempt(description, operation, credential) {
  const parameters = (operation.parameters ?? [])
    .map((parameter) => description.resolved(parameter))
    .filter((parameter) => parameter.in !== "header");
  const output = element("div", { class: "output", "aria-live": "polite" });
  const form = element(
    "form",
    { class: "attempt" },
    element("h3", {}, "Try it"),
    parameters.map((parameter) => field(description, parameter)),
    element("button", { class: "submit", type: "submit" }, "Send"),
    output,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = address(operation.path, parameters, new FormData(form));
    output.replaceChildren(element("p", { class: "hint" }, "Sending…"));
    output.replaceChildren(...(await send(url, credential())));
  });
  return form;
}

function field(description, { name, in: where, required, schema, example }) {
  const names = description.resolved(schema).enum;
  const attributes = {
    name: `${where}:${name}`, class: "field", required: required ?? false, autocomplete: "off", spellcheck: "false",
  };
  const usual = required ? [example ?? description.example(schema)].flat().join(",") : "";
  const options = (names ?? []).map((each) => element("option", { selected: each === usual }, each));
  const input = names
    ? element("select", attributes, element("option", { value: "" }, ""), options)
    : element("input", { ...attributes, value: usual });
  return element("label", {}, name, input);
}

/** The URL for the values of the form; empty values are left out. */
function address(path, parameters, values) {
  let target = path;
  const query = new URLSearchParams();
  for (const { name, in: where } of parameters) {
    const value = values.get(`${where}:${name}`);
    if (where === "path") target = target.replace(`{${name}}`, value.split("/").map(encodeURIComponent).join("/"));
    else if (value !== "") query.set(name, value);
  }
  const url = new URL(target.slice(1), document.baseURI);
  url.search = query;
  return url;
}

async function send(url, credential) {
  const sent = element("p", { class: "sent" }, element("code", {}, `GET ${url}`));
  let response;
  try {
    const headers = credential ? { Authorization: `Bearer ${credential}` } : {};
    response = await fetch(url, { headers, cache: "no-store" });
  } catch {
    return [sent, element("p", { class: "fault" }, "The server cannot be reached.")];
  }
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const status = element("p", { class: "status" }, `${response.status} ${response.statusText}`);
  return [sent, status, code(headers), await body(response)];
}

async function body(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!/json|text|xml/.test(type)) {
    const { size } = await response.blob();
    return element("p", { class: "hint" }, `${size} bytes`);
  }
  const raw = await response.text();
  const content = /[/+]json(;|$)/.test(type) ? json(JSON.parse(raw)) : raw;
  const rest = content.length - LONGEST;
  return code(rest > 0 ? `${content.slice(0, LONGEST)}\n… ${rest} more characters` : content);
}
