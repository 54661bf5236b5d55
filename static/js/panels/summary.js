import { fetchTopCells } from "../lib/api.js";
import { shortDay } from "../lib/days.js";
import { button, element } from "../lib/element.js";
import { asBrief, asWhole, events } from "../lib/format.js";
import { fetchOutlook, groupOfKinds, outlookDay, riskResolution } from "../lib/outlook.js";
import { currentPeriod } from "../lib/periods.js";
import { text } from "../lib/text.js";
import { groupOfClass } from "../map/looks.js";
import { areaLines } from "./area/lines.js";
import { eventsLine, kindsPhrase } from "./sentences.js";

const KEYS = [
  "layer", "date", "period", "compare", "kinds", "resolution", "shownResolution", "measure", "playing",
];
const QUIET = 250; // ms without another change before the sentences are written

/**
 * Three sentences that answer first: how many events, what stands out, what comes next. `onCell` is called for a cell
 * that a sentence names, with {cell, geometry, opener}, and `onArea` for an area, with {area, name, opener};
 * `place(geometry)` resolves with a name for a cell.
 */
export function startSummary(state, served, { onCell, onArea, place }) {
  const box = document.getElementById("summary");
  let timer = 0;
  let current = 0;

  async function write() {
    const turn = ++current;
    const counts = served.get();
    if (!counts) return;
    const values = state.get();
    const lines = [eventsLine(values, counts)];
    box.setAttribute("aria-busy", "true");
    if (values.layer === "areas") lines.push(...(await areaLines(values, counts, onArea)));
    else if (values.outlookDays.length > 0) lines.push(...(await outlookLines(values)));
    else lines.push(peakLine(values, counts), await topLine(values, onCell, place));
    if (turn !== current) return;
    box.removeAttribute("aria-busy");
    box.replaceChildren(...lines.filter((line) => line !== null).map((line) => element("p", {}, ...[line].flat())));
  }

  const soon = ({ playing }) => {
    clearTimeout(timer);
    if (!playing) timer = setTimeout(write, QUIET);
  };
  state.on(KEYS, soon);
  served.onChange((counts, problem) => {
    if (counts) write();
    else box.replaceChildren(element("p", { text: text("summary.failed", { reason: problem.message }) }),
      button("text-button", text("retry"), () => served.load()));
  });
}

async function outlookLines(state) {
  try {
    const { cells, more } = await fetchOutlook(state);
    const number = (group) => cells.filter((each) => groupOfClass(each.class) === group).length;
    const [fresh, growing, steady] = ["new", "growing", "steady"].map(number);
    const hot = fresh + growing + steady + number("fading");
    const values = {
      count: fresh, fresh: asWhole(fresh), growing: asWhole(growing), steady: asWhole(steady), hot: asWhole(hot),
      weeks: asWhole(52),
    };
    const expected = cells.reduce((sum, each) => sum + each.expected, 0);
    const key = more ? "summary.expected.least" : "summary.expected";
    return [
      hot === 0 ? text("summary.noSpots") : text("summary.spots", values),
      text(key, {
        days: asWhole(cells[0]?.horizon ?? 0), day: shortDay(outlookDay(state)), number: asBrief(Math.round(expected)),
        kinds: groupOfKinds(state) === null ? ` (${text("kinds.all")})` : kindsPhrase(state),
      }),
    ];
  } catch (problem) {
    return [text("summary.outlookFailed", { reason: problem.message })];
  }
}

function peakLine(state, counts) {
  const peak = counts.peak(state.kinds, ...currentPeriod(state));
  return peak && text("summary.peak", { day: shortDay(peak[0]), events: events(peak[1]) });
}

async function topLine(state, onCell, place) {
  const [from, to] = currentPeriod(state);
  const resolution = riskResolution(state) ?? state.shownResolution ?? state.overview;
  try {
    const { features } = await fetchTopCells({ dataset: state.dataset, from, to, resolution, limit: 1 });
    if (features.length === 0) return text("summary.noTop");
    const [{ geometry, properties }] = features;
    const name = await place(geometry, properties.area);
    const cell = button("text-button", name, () => onCell({ cell: properties.h3_index, geometry, opener: cell }));
    const [before, after] = text("summary.top", {
      place: "\u0000", score: asWhole(properties.max_score), level: text(`level.${properties.max_level}`),
    }).split("\u0000");
    return [before, cell, after];
  } catch (problem) {
    return text("summary.topFailed", { reason: problem.message });
  }
}
