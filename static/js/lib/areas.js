import { address, ask, getJSON, parseCSV } from "./api.js";
import { daysBetween } from "./days.js";
import { hasFigure } from "./measures.js";
import { currentPeriod } from "./periods.js";

const MOST_AREAS = 50_000; // of a layer that are read; classes and order follow from them
const NUMBERS = [
  "population", "events", "rate", "density", "eb_rate", "safety_score", "trend_last", "trend_before", "trend_change",
];
const OWN = ["id", "name", "population"];
const FIELDS = ["id", "name", "trend", ...NUMBERS];
let kept = null;

/** The query of tiles and lists of areas that the state asks for: whose events are counted, in which days. */
export function areaQuery(state) {
  const [from, to] = currentPeriod(state);
  return { dataset: state.dataset, from, to, ...(state.kinds.length > 0 && { event_type: state.kinds.join(",") }) };
}

/**
 * The areas of the dataset's layer with their figures in the state's period:
 *
 * `rows` of `id`, `name`, `trend`, its word, and numbers by the server's names, each null where there is none; `layer`
 * {name, source, approximate}; `days` of the period; `hasResidents`, whether any area has some on record; `more`,
 * whether the layer has more areas than were read; `reason` why there are no figures at all: "hidden" for a reader who
 * may not know small counts, "uncounted" where events were not counted by area yet, else null.
 *
 * The last answer is kept, since several parts of the page ask for the same.
 */
export function fetchAreas(state) {
  const query = areaQuery(state);
  const key = JSON.stringify([state.areas, query, state.generation, state.isExact]);
  if (kept?.key !== key) {
    const answer = read(state, query);
    kept = { key, answer };
    // A request that failed is made again.
    answer.catch(() => { if (kept?.answer === answer) kept = null; });
  }
  return kept.answer;
}

async function read({ areas, isExact, generation }, query) {
  const [layer, { rows, reason }] = await Promise.all([fetchLayer(areas, generation), readRows(areas, isExact, query)]);
  return {
    rows, reason, layer, days: daysBetween(query.from, query.to) + 1, more: rows.length === MOST_AREAS,
    hasResidents: rows.some((row) => row.population > 0),
  };
}

async function readRows(layer, isExact, query) {
  if (!isExact) return { rows: await readList(layer, {}, OWN), reason: "hidden" };
  try {
    return { rows: await readList(layer, query, FIELDS), reason: null };
  } catch (problem) {
    // Either the layer is not there, which the second question tells, or nothing was counted in it.
    if (problem.status !== 404) throw problem;
    return { rows: await readList(layer, {}, OWN), reason: "uncounted" };
  }
}

async function readList(layer, query, fields) {
  const wanted = { fields: fields.join(","), limit: MOST_AREAS, f: "csv" };
  const answer = await ask(address(`v1/areas/${encodeURIComponent(layer)}`, { ...query, ...wanted }));
  const [head, ...rows] = parseCSV(await answer.text());
  const at = Object.fromEntries(head.map((name, index) => [name, index]));
  const number = (text) => (text === undefined || text === "" ? null : Number(text));
  return rows.map((row) => ({
    id: row[at.id], name: row[at.name], trend: row[at.trend] || null,
    ...Object.fromEntries(NUMBERS.map((name) => [name, number(row[at[name]])])),
  }));
}

const layers = new Map();

/** What the layer is called, where it comes from, and whether its borders are approximate. */
function fetchLayer(slug, generation) {
  const key = `${slug} ${generation}`;
  if (!layers.has(key)) {
    layers.clear();
    const found = getJSON("v1/areas", {}).then(({ items }) => {
      const { name, source, approximate } = items.find((each) => each.layer === slug) ?? { name: slug, source: "" };
      return { name, source, approximate: Boolean(approximate) };
    });
    found.catch(() => layers.delete(key));
    layers.set(key, found);
  }
  return layers.get(key);
}

/**
 * What the legend and the sentences say of the areas shown: `layer`, `hasResidents`, `days`, `all` how many areas there
 * are, `more` as above, `missing` how many have no figure of the measure, and `reason` why the first of them has none:
 * "hidden", "uncounted", "months" or "residents".
 */
export function factsOfAreas(told, measure) {
  const missing = told.rows.filter((row) => !hasFigure(row, measure)).length;
  const { layer, hasResidents, days, more } = told;
  return { layer, hasResidents, days, more, all: told.rows.length, missing, reason: reasonOf(told, measure) };
}

function reasonOf({ reason }, measure) {
  return reason ?? (measure === "trend_change" ? "months" : "residents");
}
