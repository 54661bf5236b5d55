import { element } from "../lib/element.js";
import { moneyIn } from "../lib/money.js";
import { createState } from "../lib/state.js";
import { text, translate } from "../lib/text.js";
import { startThemeButton } from "../lib/theme.js";
import { startAccount } from "../panels/account.js";
import { startLanguage } from "../panels/language.js";
import {
  csvAddress, fetchDatasets, fetchDepartments, fetchIngestion, fetchModels, fetchNames, fetchOutliers, fetchPlaces,
  fetchTrend, fetchVendors, fetchYears,
} from "./answers.js";
import { asked } from "./asked.js";
import { drawCards } from "./card.js";
import { drawClusters } from "./clusters.js";
import { drawDepartments } from "./departments.js";
import { startFilters } from "./filters.js";
import { drawIngestion } from "./ingestion.js";
import { followLink, KINDS, readLink, SHAPES, STEPS } from "./link.js";
import { drawOutliers } from "./outliers.js";
import { drawPlaces, startPlaces } from "./places.js";
import { startSection } from "./section.js";
import { startSummary } from "./summary.js";
import { drawTrend } from "./trend.js";
import { drawVendors } from "./vendors.js";

const CHOSEN = ["dataset", "year", "department", "vendor", "from", "to"];
const USUAL = {
  year: null, department: null, vendor: null, from: null, to: null, by: STEPS[0], of: KINDS[0], shape: SHAPES[0],
  view: null,
};
const notice = document.getElementById("page-notice");
let datasets = [];
let state = null;
let answers = null;

translate(document);
startThemeButton();
startLanguage();
document.getElementById("account").hidden = false;
startAccount(open);
document.getElementById("copy-link").addEventListener("click", copyLink);
document.getElementById("skip").addEventListener("click", () => document.getElementById("trend").focus());
document.getElementById("print").addEventListener("click", () => print());
open();

/** Reads the datasets and shows the one of the link, or the first. Called again when somebody signs in or out. */
async function open() {
  try {
    datasets = await fetchDatasets();
  } catch (problem) {
    return tell(problem.message, { label: text("retry"), run: open });
  }
  const { values, unknown } = readLink(location);
  const found = datasets.find(({ dataset }) => dataset === values.dataset);
  document.body.dataset.phase = datasets.length === 0 ? "empty" : "ready";
  if (datasets.length === 0) return tell(text("spending.noDataset"));
  if (values.dataset && !found) tell(text("spending.missing", { dataset: values.dataset }));
  else if (unknown.length > 0) tellUnknown(unknown);
  else notice.hidden = true;
  const { language: _, ...kept } = values;
  const begin = { ...USUAL, ...(found || !values.dataset ? kept : {}), dataset: (found ?? datasets[0]).dataset };
  if (state) {
    state.set(begin);
    Object.values(answers).forEach((each) => each.ask());
  } else {
    run(begin);
  }
  showDatasets();
}

function run(begin) {
  state = createState(begin);
  answers = {
    trend: asked(state, [...CHOSEN, "by"], fetchTrend),
    departments: asked(state, CHOSEN, fetchDepartments),
    vendors: asked(state, CHOSEN, fetchVendors),
    places: asked(state, [...CHOSEN, "of", "shape"], fetchPlaces),
    outliers: asked(state, CHOSEN, fetchOutliers),
    models: asked(state, ["dataset"], fetchModels),
    ingestion: asked(state, ["dataset"], fetchIngestion),
    years: asked(state, ["dataset"], fetchYears),
    names: asked(state, ["dataset"], fetchNames),
  };
  const money = () => moneyIn(about().currency);
  const csv = (name) => () => ({
    url: csvAddress(name, state.get(), answers[name].get().value), name: fileName(name),
  });
  startSection("trend", answers.trend, {
    draw: (found) => drawTrend(found, state.get(), money()), csv: csv("trend"),
  });
  startSection("departments", answers.departments, {
    draw: (found) => drawDepartments(found.items, state, money()), csv: csv("departments"),
  });
  startSection("vendors", answers.vendors, {
    draw: (found) => drawVendors(found, state, money()), csv: csv("vendors"),
  });
  startSection("places", answers.places, { draw: (found) => drawPlaces(found, money()), csv: csv("places") });
  startPlaces(state, answers.places, money);
  startSection("outliers", answers.outliers, { draw: (found) => drawOutliers(found, money()), csv: csv("outliers") });
  startSection("clusters", answers.models, { draw: ({ clusters }) => drawClusters(clusters, state) });
  startSection("models", answers.models, { draw: (found) => drawCards(found, money()) });
  startSection("ingestion", answers.ingestion, { draw: (found) => drawIngestion(found, money()) });
  startFilters(state, answers);
  startSummary(state, answers, money);
  state.follow(["dataset"], showAbout);
  followLink(state, ({ values, unknown }) => {
    if (unknown.length > 0) tellUnknown(unknown);
    const { language: _, ...kept } = values;
    const dataset = datasets.some((each) => each.dataset === kept.dataset) ? kept.dataset : state.get().dataset;
    state.set({ ...USUAL, ...kept, dataset });
  });
  Object.values(answers).forEach((each) => each.ask());
}

const about = () => datasets.find(({ dataset }) => dataset === state.get().dataset);

function showAbout() {
  const { title, attribution, licence, licenceURL, dataset } = about();
  document.getElementById("title").textContent = title;
  document.title = `${title} · Hextant`;
  document.getElementById("dataset").value = dataset;
  const line = document.getElementById("attribution");
  line.replaceChildren(attribution ? text("about.data", { attribution }) : "");
  if (/^https?:/.test(licenceURL ?? "")) {
    const name = licence || text("about.licence");
    line.append(" ", element("a", { href: licenceURL, rel: "license noopener", text: name }));
  } else if (licence && !attribution.includes(licence)) {
    line.append(` ${licence}`);
  }
}

/** The datasets to choose from; a choice begins with all of the dataset. */
function showDatasets() {
  const select = document.getElementById("dataset");
  select.replaceChildren(...datasets.map(({ dataset, title }) => new Option(title, dataset)));
  select.value = state.get().dataset;
  select.onchange = () => state.set({ ...USUAL, by: state.get().by, dataset: select.value });
}

async function copyLink() {
  const status = document.getElementById("link-status");
  try {
    await navigator.clipboard.writeText(location.href);
    status.textContent = text("take.copied");
  } catch (problem) {
    status.textContent = text("take.failed", { reason: problem.message });
  }
}

function fileName(name) {
  const { dataset, year } = state.get();
  return `${[dataset, name, year].filter(Boolean).join("-")}.csv`;
}

function tellUnknown(unknown) {
  const values = unknown.map(({ name, value }) => `${name}=${value}`).join(", ").slice(0, 200);
  tell(text("link.unknown", { values }));
}

/** Says one sentence above everything else. */
function tell(sentence, action) {
  document.getElementById("page-notice-text").textContent = sentence;
  const button = document.getElementById("page-notice-action");
  button.textContent = action?.label ?? text("close");
  button.onclick = action?.run ?? (() => { notice.hidden = true; });
  notice.hidden = false;
}
