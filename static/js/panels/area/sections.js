import { months as monthsChart } from "../../charts/months.js";
import { shares } from "../../charts/shares.js";
import { period } from "../../lib/days.js";
import { button, element } from "../../lib/element.js";
import { asBrief, asChange, asWhole, events as eventsInWords } from "../../lib/format.js";
import { factorOf, isReversed, numberOf } from "../../lib/measures.js";
import { comparedPeriod, currentPeriod } from "../../lib/periods.js";
import { text } from "../../lib/text.js";
import { trend } from "../../lib/trend.js";
import { section } from "../section.js";

/** The events of the period beside those of the compared one, and their kinds. */
export function periodSection({ state, area, before, reason }) {
  const days = period(...currentPeriod(state));
  if (!area.figures) return section("period", days, paragraph(text(`areas.none.${reason}`)));
  const now = area.figures.events;
  const parts = [element("p", { class: "cell-count" }, element("strong", { text: eventsInWords(now) }))];
  if (before !== null) {
    const change = before > 0 ? ` (${asChange(now / before - 1)})` : "";
    const told = { before: asWhole(before), change, other: period(...comparedPeriod(state)) };
    parts.push(paragraph(text(`cell.change.${trend(now, before)}`, told), "hint"));
  }
  if (now > 0) parts.push(shares(text("cell.kinds"), area.kinds.map((each) => [each.event_type, each.events])));
  return section("period", days, ...parts);
}

const FIGURES = ["eb_rate", "rate", "density", "safety_score"];

/** The figures that compare areas, the rank by the one on the map first. */
export function figuresSection({ state, area, place, days, hasResidents }) {
  const { figures, population } = area;
  if (!figures) return null;
  const told = { days, hasResidents };
  const { measure } = state;
  const rows = FIGURES.filter((name) => hasResidents || name !== "rate").flatMap((name) => {
    const value = figures[name];
    const shown = value === null ? "–" : numberOf(name, value * factorOf(name, told));
    return [
      element("dt", { text: text(`area.${unitOf(name, hasResidents)}`) }),
      element("dd", {}, element("data", { "data-figure": name, value: value ?? "", text: shown })),
    ];
  });
  if (population !== null) {
    const shown = element("data", { "data-figure": "population", value: population, text: asWhole(population) });
    rows.push(element("dt", { text: text("area.population") }), element("dd", {}, shown));
  }
  const rank = place && paragraph(text(isReversed(measure) ? "area.rank.least" : "area.rank", {
    rank: asWhole(place.rank), all: asWhole(place.all), measure: text(`measure.${measure}`),
  }));
  const list = element("div", { class: "figures" }, element("dl", {}, ...rows));
  return section("figures", text("area.compared"), rank, list, paragraph(text("area.meaning"), "hint"));
}

function unitOf(name, hasResidents) {
  return name === "eb_rate" && !hasResidents ? "eb_rate.km2" : name;
}

/** The last 12 full months against those before; nothing where the record is too short. */
export function trendSection({ area }) {
  const found = area.figures?.trend;
  if (!found) return null;
  const { last, before, change, label } = found;
  const told = {
    last: asWhole(last), before: asWhole(before), change: change === null ? "" : ` (${asChange(change / 100)})`,
  };
  return section("trend", text("measure.trend_change"), paragraph(text(`area.trend.${label}`, told)));
}

/** The last 36 full months as bars. */
export function monthsSection({ area }) {
  if (area.months.length === 0) return null;
  return section("months", text("area.months"), monthsChart(area.months));
}

/** The areas with the nearest smoothed rates, each of which can be chosen. */
export function peersSection({ area, days, hasResidents }, choose) {
  if (area.peers.length === 0) return null;
  const told = { days, hasResidents };
  const rows = area.peers.map((peer) => element("li", {},
    button("text-button", peer.name, () => choose(peer), { "data-area": peer.id }),
    element("span", { text: asBrief(peer.eb_rate * factorOf("eb_rate", told)) })));
  return section("peers", text("area.peers"), element("ul", { class: "peers" }, ...rows));
}

function paragraph(content, className) {
  return element("p", { class: className, text: content });
}
