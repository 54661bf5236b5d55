import { startThemeButton } from "../lib/theme.js";
import { Description } from "./description.js";
import { element } from "./element.js";
import { operationView } from "./operation.js";

startThemeButton();
try {
  show(await Description.load());
} catch (error) {
  const fault = document.getElementById("fault");
  fault.textContent = `The description of the API could not be loaded: ${error.message}`;
  fault.hidden = false;
} finally {
  document.body.removeAttribute("aria-busy");
}

function show(description) {
  const credential = document.getElementById("credential");
  document.getElementById("introduction").textContent = description.document.info.description;
  document.getElementById("operations").append(
    ...description.groups().map(({ name, description: sentence, operations }) =>
      element(
        "section",
        { class: "group", "aria-label": name },
        element("h2", {}, name),
        element("p", { class: "hint" }, sentence),
        operations.map((operation) => operationView(description, operation, () => credential.value.trim())),
      ),
    ),
  );
  startSearch();
  // The credential is used by the forms of the operations; its own form is never sent.
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", openNamed);
  openNamed();
}

/** Unfolds the operation that the URL names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named?.matches(".operation")) return;
  named.open = true;
  named.scrollIntoView();
}

/** Shows the operations whose method, path or summary contains every word of the search. */
function startSearch() {
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const operations = [...document.querySelectorAll(".operation")];
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    for (const operation of operations) {
      const line = operation.querySelector("summary").textContent.toLowerCase();
      operation.hidden = !words.every((word) => line.includes(word));
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = group.querySelector(".operation:not([hidden])") === null;
    }
    const count = operations.filter((operation) => !operation.hidden).length;
    found.textContent = `${count} of ${operations.length} operations`;
  };
  search.addEventListener("input", filter);
  filter();
}
