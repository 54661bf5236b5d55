import { getJSON } from "../lib/api.js";
import { LANGUAGES, language, text } from "../lib/text.js";

const WIDGETS = ["trend", "map", "top"];
const THEMES = ["auto", "light", "dark"];
const SIZES = { trend: [480, 320], map: [640, 480], top: [400, 420] };

const byID = (id) => document.getElementById(`embed-${id}`);

/** The dialog that gives the code by which another page shows what is seen here. The server writes the code. */
export function startEmbed(state) {
  const dialog = document.getElementById("embed");
  const options = (id, entries) => byID(id).replaceChildren(...entries.map(([value, name]) => new Option(name, value)));
  options("widget", WIDGETS.map((each) => [each, text(`embed.widget.${each}`)]));
  options("theme", THEMES.map((each) => [each, text(`embed.theme.${each}`)]));
  options("language", [["", text("embed.language.auto")], ...Object.entries(LANGUAGES)]);
  byID("language").value = language;
  const size = () => { [byID("width").value, byID("height").value] = SIZES[byID("widget").value]; };
  size();
  let request = new AbortController();

  async function write() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    byID("status").textContent = "";
    try {
      const told = await getJSON("v1/embed", query(state.get()), signal);
      byID("code").value = told.html;
      byID("preview").href = told.url;
      const warning = told.parents.length === 0 ? "embed.nobody" : told.public ? "" : "embed.private";
      byID("warning").textContent = warning && text(warning);
      byID("warning").hidden = warning === "";
    } catch (problem) {
      if (problem.name === "AbortError") return;
      byID("code").value = "";
      byID("status").textContent = text("take.failed", { reason: problem.message });
    }
  }

  document.getElementById("take-embed").addEventListener("click", () => {
    dialog.showModal();
    write();
  });
  byID("widget").addEventListener("change", size);
  for (const id of ["widget", "theme", "language", "width", "height", "fixed"]) {
    byID(id).addEventListener("change", write);
  }
  byID("copy").addEventListener("click", async () => {
    byID("code").select();
    await navigator.clipboard.writeText(byID("code").value);
    byID("status").textContent = text("take.copied");
  });
  byID("close").addEventListener("click", () => dialog.close());
}

/** What the chosen widget shows of the state; without a fixed day it goes on with the data. */
function query({ dataset, layer, measure: chosen, date, period, compare, kinds, resolution, view, cell }) {
  const widget = byID("widget").value;
  const common = {
    widget, dataset, period, theme: byID("theme").value, lang: byID("language").value,
    width: byID("width").value, height: byID("height").value, date: byID("fixed").checked ? date : null,
    kinds: kinds.map((each) => encodeURIComponent(each)).join(","),
  };
  const place = view && `${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lng.toFixed(5)}`;
  const measure = layer === "areas" ? chosen : null;
  const own = {
    trend: { compare, cell },
    map: { layer, measure, compare, res: resolution, map: place },
    top: { layer, measure, res: resolution },
  }[widget];
  return { ...common, ...own };
}
