import { table } from "../charts/table.js";
import { shortDay } from "../lib/days.js";
import { element } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { formatter, text } from "../lib/text.js";

const moment = formatter(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short" });
const COLUMNS = ["file", "state", "finished", "accepted", "duplicate", "rejected"];
const STATES = ["running", "finished", "failed"];

/** What has come in: how much there is, when it came, and the newest batches with their rejects. */
export function drawIngestion({ rows, total, first, newest, lastIngest, isRunning, open, batches, feeds }, money) {
  if (rows === 0 && batches.length === 0 && feeds.length === 0) return text("spending.nothingIn");
  const facts = [
    ["rows", asWhole(rows)], ["total", total === null ? null : money.exact(total)],
    ["days", first && text("spending.window", { from: shortDay(first), to: shortDay(newest) })],
    ["lastIngest", lastIngest && moment().format(new Date(lastIngest))], ["open", open > 0 ? asWhole(open) : null],
  ].filter(([, value]) => value);
  return [
    element("dl", { class: "facts" }, ...facts.flatMap(([key, value]) => [
      element("dt", { text: text(`spending.in.${key}`) }), element("dd", { text: value }),
    ])),
    isRunning ? element("p", { text: text("spending.in.running") }) : null,
    ...feeds.map(feed),
    batches.length > 0 ? list(batches) : null,
  ];
}

function feed({ name, lastSuccess, next, hasFailed }) {
  const key = hasFailed ? "failed" : lastSuccess ? "read" : "unread";
  const day = lastSuccess && moment().format(new Date(lastSuccess));
  const sentences = [text(`spending.feed.${key}`, { name, day })];
  if (next) sentences.push(text("spending.feed.next", { day: moment().format(new Date(next)) }));
  return element("p", { class: hasFailed ? "fault" : "", text: sentences.join(" ") });
}

function list(batches) {
  const head = COLUMNS.map((each) => text(`spending.batch.${each}`));
  const rows = batches.map(({ file, state, finished, accepted, duplicate, rejected }) => [
    file, STATES.includes(state) ? text(`spending.state.${state}`) : state,
    finished ? moment().format(new Date(finished)) : "–", asWhole(accepted), asWhole(duplicate), asWhole(rejected),
  ]);
  const caption = text("spending.batches");
  return element("div", { class: "wide-table", tabindex: "0", role: "group", "aria-label": caption },
    table(caption, head, rows));
}
