import { shortDay } from "../lib/days.js";
import { text } from "../lib/text.js";
import { startThemeButton } from "../lib/theme.js";
import { showAbout } from "../panels/about.js";
import { offerAccount, startAccount } from "../panels/account.js";
import { closeDatasets, openDatasets, startDatasets } from "../panels/datasets.js";
import { startHelp } from "../panels/help.js";
import { clearNotice, showNotice, tell } from "./notice.js";
import { startSheet } from "./sheet.js";

export { closeDatasets };
let sheet = null;

/**
 * Starts what the page has whether or not there is a map: theme, help, sheet, the choice of datasets, sign-in. `open()`
 * asks for the dataset again. Returns the sheet; a second call starts nothing.
 */
export function startAround(open) {
  sheet ??= start(open);
  return sheet;
}

function start(open) {
  startThemeButton();
  startHelp();
  startDatasets((slug) => {
    location.hash = `dataset=${encodeURIComponent(slug)}`;
    if (window.hextant.map === null) open();
  });
  // Data that needs a sign-in may be available now.
  startAccount((isIn) => {
    if (document.body.dataset.phase === "failed") open();
    else if (!isIn) location.reload();
  });
  document.getElementById("skip").addEventListener("click", () => document.getElementById("slider").focus());
  document.getElementById("figures-close").addEventListener("click", () => document.getElementById("figures").close());
  return startSheet();
}

/** Says whose data it is, and offers to sign in where the server can. */
export function introduce(hextant) {
  showAbout(hextant);
  offerAccount(hextant.sign_in);
}

/** A dataset that is not there, or not for this reader: the list tells which are. */
export function tellRefusal(problem, { dataset }) {
  offerAccount(true);
  if (problem.status !== 404) return;
  openDatasets(dataset ? text("datasets.missing", { dataset }) : problem.message);
  showNotice("error", problem.message, { label: text("datasets.choose"), run: () => openDatasets() });
}

/** A dataset without a scored day has no map. */
export function tellUnscored(hextant) {
  introduce(hextant);
  showNotice("error", text("dataset.unscored"), { label: text("datasets.choose"), run: () => openDatasets() });
}

/** Says why no difference, or no areas, are shown. */
export function tellLayer(layer, reason, problem, cells) {
  if (layer === "difference") clearNotice("told");
  clearNotice("error");
  if (reason === "failed") {
    const key = layer === "areas" ? "areas.failed" : "difference.failed";
    showNotice("error", text(key, { reason: problem.message }), { label: text("retry"), run: cells.retry });
  } else if (reason) showNotice("told", text(`difference.${reason}`));
}

/** Says which parts of a link are not known here. They are passed over, and the link no longer says them. */
export function tellRefused(refused, state) {
  if (refused.length === 0) return;
  const [date] = refused.filter(({ name }) => name === "date");
  const { first, last } = state.get();
  const others = refused.filter((each) => each !== date).map(({ name, value }) => `${name}=${value}`).join(", ");
  const sentences = [];
  if (date) sentences.push(text("link.date", { day: date.value, from: shortDay(first), to: shortDay(last) }));
  if (others) sentences.push(text("link.unknown", { values: others.slice(0, 200) }));
  tell(sentences.join(" "));
}
