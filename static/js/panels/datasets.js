import { fetchDatasets } from "../lib/api.js";
import { period } from "../lib/days.js";
import { button, element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";

const dialog = document.getElementById("datasets");
const search = document.getElementById("datasets-search");
const list = document.getElementById("datasets-list");
const status = document.getElementById("datasets-status");
let all = [];
let more = false;

/** Closes the dialog, when the dataset that was asked for is there after all. */
export function closeDatasets() {
  dialog.close();
}

/** The dialog with the datasets that the reader may see. `onChoose(slug)` is called for a chosen one. */
export function startDatasets(onChoose) {
  document.getElementById("choose-dataset").addEventListener("click", () => openDatasets());
  document.getElementById("datasets-close").addEventListener("click", () => dialog.close());
  search.addEventListener("input", show);
  list.addEventListener("click", (event) => {
    const { slug, holds } = event.target.closest("[data-slug]")?.dataset ?? {};
    if (!slug) return;
    // Expenditures have no place on a map.
    if (holds === "expenditures") return location.assign(`spending#dataset=${encodeURIComponent(slug)}`);
    dialog.close();
    onChoose(slug);
  });
}

/**
 * Opens the dialog. `reason` is a sentence above the list, why the reader has to choose; then the rest of the page can
 * be used as well, since signing in may be the way to the dataset.
 */
export async function openDatasets(reason = "") {
  document.getElementById("datasets-reason").textContent = reason;
  document.getElementById("datasets-reason").hidden = reason === "";
  search.value = "";
  list.replaceChildren();
  status.textContent = text("loading");
  if (dialog.open) return load();
  if (reason === "") dialog.showModal();
  else dialog.show();
  await load();
}

async function load() {
  try {
    ({ items: all, more } = await fetchDatasets());
    show();
  } catch (problem) {
    all = [];
    status.textContent = problem.message;
  }
}

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ title, dataset, attribution }) => {
    const subject = `${title} ${dataset} ${attribution}`.toLowerCase();
    return words.every((word) => subject.includes(word));
  });
  status.textContent = text(more ? "datasets.more" : "datasets.found", {
    count: found.length, number: asWhole(found.length), all: asWhole(all.length),
  });
  list.replaceChildren(...found.map(entry));
}

function entry({ dataset, title, holds, first_day: first, last_day: last }) {
  const unscored = text(holds === "expenditures" ? "spending.title" : "datasets.unscored");
  const days = first ? period(first, last) : unscored;
  const made = button("dataset-entry", undefined, () => {}, { "data-slug": dataset, "data-holds": holds });
  made.append(element("strong", { text: title }), element("span", { text: days }));
  return element("li", {}, made);
}
