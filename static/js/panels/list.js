import { fetchTopCells } from "../lib/api.js";
import { CLASSES } from "../lib/choices.js";
import { period } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asChange, asOne, asWhole, events } from "../lib/format.js";
import { cellWidth } from "../lib/cells.js";
import { fetchOutlookCells, outlookDay, outlookResolution, riskResolution } from "../lib/outlook.js";
import { currentPeriod } from "../lib/periods.js";
import { text } from "../lib/text.js";
import { trend } from "../lib/trend.js";
import { CLASS_MEMBERS, groupOfClass } from "../map/looks.js";

const LIMIT = 20;
const QUIET = 350; // ms without another change before the list is requested
const KEYS = [
  "layer", "date", "period", "kinds", "levels", "classes", "resolution", "shownResolution", "playing", "generation",
];

/**
 * The list of the cells that matter most on the map: of its period, size of cells and filters.
 * `onCell({cell, geometry, opener})` is called for a chosen cell, `place(geometry)` resolves with a name for it. Not
 * refreshed while playing: a list that changes twice a second cannot be read.
 */
export function startList(state, { onCell, place }) {
  const list = document.getElementById("hotspots");
  const status = document.getElementById("hotspots-status");
  let timer = 0;
  let request = new AbortController();

  async function load() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const values = state.get();
    document.getElementById("hotspots-title").textContent = text(`list.${values.layer}`);
    try {
      const source = values.layer === "risk" ? SOURCES.risk : SOURCES.outlook;
      const { from, to, resolution, features } = await source(values, signal);
      const told = { period: period(from, to), width: cellWidth(resolution), resolution };
      status.textContent = text(features.length === 0 ? "list.empty" : "list.status", told);
      list.replaceChildren(...features.map((feature, index) => entry(feature, index, values, onCell, place)));
    } catch (problem) {
      if (problem.name === "AbortError") return;
      status.textContent = text("list.failed", { reason: problem.message });
      list.replaceChildren();
    }
  }

  const soon = ({ playing }) => {
    clearTimeout(timer);
    if (!playing) timer = setTimeout(load, QUIET);
  };
  state.on(KEYS, soon);
  load();
}

const SOURCES = {
  async risk(state, signal) {
    const { dataset, levels, overview, shownResolution } = state;
    const [from, to] = currentPeriod(state);
    const resolution = riskResolution(state) ?? shownResolution ?? overview;
    if (levels.length === 0) return { from, to, resolution, features: [] };
    const answer = await fetchTopCells({ dataset, from, to, resolution, levels, limit: LIMIT }, signal);
    return { from, to, resolution, features: answer.features };
  },

  async outlook(state, signal) {
    const to = outlookDay(state);
    const [from] = currentPeriod({ ...state, date: to });
    const query = { limit: LIMIT, ...ORDERS[state.layer](state) };
    const resolution = outlookResolution(state);
    if (query.classes === "") return { from, to, resolution, features: [] };
    const { features } = await fetchOutlookCells(state, query, signal);
    return { from, to, resolution, features };
  },
};

/** The query of the outlook for each layer. A list of what is urgent has the cold cells only if nothing else. */
const ORDERS = {
  class: ({ classes }) => {
    const hot = CLASSES.filter((each) => classes.includes(each) && each !== "cold");
    const wanted = hot.length > 0 ? hot : classes;
    return { sort: "class", classes: wanted.flatMap((each) => CLASS_MEMBERS[each]).join(",") };
  },
  events: () => ({ sort: "events" }),
  change: () => ({ sort: "change", trend: "rising" }),
  forecast: () => ({ sort: "expected" }),
};

function entry({ geometry, properties }, index, state, onCell, place) {
  const factsOf = state.layer === "risk" ? riskFacts : outlookFacts;
  const { value, facts, badge, mark } = factsOf(properties, state);
  const name = element("span", { class: "hotspot-place", text: "…" });
  place(geometry, properties.area).then((found) => { name.textContent = found; });
  const made = element("button", {
    type: "button", class: "hotspot", "data-cell": properties.h3_index, "data-level": mark,
    on: { click: () => onCell({ cell: properties.h3_index, geometry, opener: made }) },
  },
  element("span", { class: "hotspot-rank", text: asWhole(index + 1) }), name,
  element("span", { class: "hotspot-score", text: value }),
  element("span", { class: "hotspot-facts", text: facts }),
  badge && element("span", { class: "badge", text: badge }));
  return element("li", {}, made);
}

function riskFacts(row) {
  const { total_events: total, days_flagged: flagged, days_active: active, max_score: score, max_level: level } = row;
  const parts = [events(total), text("list.days", { count: active, number: asWhole(active) })];
  if (flagged > 0 && total >= 3) parts.push(text("list.unusual", { count: flagged, number: asWhole(flagged) }));
  return { value: asWhole(score), facts: parts.join(" · "), badge: text(`level.${level}`), mark: level };
}

function outlookFacts(row, { layer }) {
  const word = trend(row.events, row.events_before);
  const key = word === "up" || word === "down" ? `list.${word}` : "list.before";
  const change = text(key, { before: asWhole(row.events_before) });
  const group = groupOfClass(row.class);
  const value = {
    class: () => asWhole(row.events),
    events: () => asWhole(row.events),
    change: () => (row.change_percent === null ? "" : asChange(row.change_percent / 100)),
    forecast: () => asOne(row.expected),
  }[layer]();
  return {
    value,
    facts: layer === "forecast"
      ? text("list.interval", { low: asWhole(row.lower_90), high: asWhole(row.upper_90) })
      : `${events(row.events)} · ${change}`,
    badge: group && text(`class.${group}`), mark: group,
  };
}
