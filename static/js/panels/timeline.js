import { bars, binned } from "../charts/bars.js";
import { table } from "../charts/table.js";
import { nearestPeriod } from "../lib/choices.js";
import { addDays, clampDay, daysBetween, isDay, longDay, monthName, period, shortDay } from "../lib/days.js";
import { asWhole } from "../lib/format.js";
import { comparedPeriod, currentPeriod } from "../lib/periods.js";
import { text } from "../lib/text.js";

const PAGE = 30; // days, for Page Up and Page Down
const BAR = 3; // px that a bar and its gap need at least

/** The day controls: histogram with brush, slider, field, step buttons. `onClamp(day)` hears of days out of reach. */
export function startTimeline(state, served, onClamp) {
  const slider = document.getElementById("slider");
  const field = document.getElementById("date");
  const label = document.getElementById("day-label");
  const previous = document.getElementById("previous");
  const next = document.getElementById("next");
  const go = (day) => {
    const { first, last } = state.get();
    state.set({ date: clampDay(day, first, last), playing: false });
  };

  slider.addEventListener("input", () => go(addDays(state.get().first, Number(slider.value))));
  slider.addEventListener("keydown", (event) => {
    const step = { PageUp: PAGE, PageDown: -PAGE }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(addDays(state.get().date, step));
  });
  // While a date is typed, the year passes through values such as 0002: only a complete day is used.
  field.addEventListener("change", () => {
    const { first, last, date } = state.get();
    if (!isDay(field.value)) field.value = date;
    else {
      if (field.value < first || field.value > last) onClamp(field.value);
      go(field.value);
      field.value = state.get().date;
    }
  });
  previous.addEventListener("click", () => go(addDays(state.get().date, -1)));
  next.addEventListener("click", () => go(addDays(state.get().date, 1)));

  state.follow(["first", "last"], ({ first, last }) => {
    slider.max = String(daysBetween(first, last));
    field.min = first;
    field.max = last;
    drawTicks(first, last);
  });
  state.follow(["date", "first", "last", "layer", "period"], (values) => {
    const { date, first, last, layer } = values;
    slider.value = String(daysBetween(first, date));
    slider.setAttribute("aria-valuetext", longDay(date));
    slider.style.setProperty("--filled", `${(100 * Number(slider.value)) / Math.max(1, Number(slider.max))}%`);
    field.value = date;
    label.textContent = layer === "risk" ? longDay(date) : period(...currentPeriod(values));
    // Not `disabled`: that would take the keyboard focus from the button just used.
    previous.setAttribute("aria-disabled", String(date === first));
    next.setAttribute("aria-disabled", String(date === last));
  });
  startHistogram(state, served, go);
}

/** The events of every day as bars, those of the period marked; a drag over them chooses another period. */
function startHistogram(state, served, go) {
  const box = document.getElementById("histogram");
  const brush = document.getElementById("brush");
  let width = 0;

  function draw() {
    const counts = served.get();
    width = box.clientWidth;
    if (!counts || width === 0) return;
    const { first, last, kinds } = state.get();
    const length = daysBetween(first, last) + 1;
    const size = Math.max(1, Math.ceil((length * BAR) / width));
    const values = binned(counts.series(kinds), 0, length - 1, size);
    const days = text(size === 1 ? "histogram.day" : "histogram.days", { count: size, number: asWhole(size) });
    const chart = bars({
      count: length / size, most: Math.max(...values), groups: [{ values, className: "bar" }],
      label: labelOf(counts, state.get()),
    });
    document.getElementById("histogram-scale").textContent =
      text("histogram.most", { number: asWhole(Math.max(...values)), days });
    box.querySelector("svg")?.remove();
    box.prepend(chart);
  }

  const place = (values) => {
    mark(brush, values, currentPeriod(values));
    mark(document.getElementById("compared"), values, comparedPeriod(values));
  };
  served.onChange((counts) => {
    box.hidden = counts === null;
    draw();
  });
  state.on(["kinds"], draw);
  state.follow(["date", "period", "compare", "first", "last"], place);
  new ResizeObserver(() => {
    if (box.clientWidth !== width) draw();
  }).observe(box);
  startBrush(box, state, go);
  document.getElementById("histogram-table").addEventListener("click", () => {
    if (served.get()) showTable(served.get(), state.get());
  });
}

/** Puts a mark over the days of a period; it is hidden if there is none. */
function mark(element, { first, last }, days) {
  element.hidden = days === null || days[1] < first;
  if (element.hidden) return;
  const length = daysBetween(first, last) + 1;
  const start = Math.max(0, daysBetween(first, days[0]));
  element.style.left = `${(100 * start) / length}%`;
  element.style.width = `${(100 * (daysBetween(first, days[1]) + 1 - start)) / length}%`;
}

function startBrush(box, state, go) {
  let from = null;
  const dayAt = (x) => {
    const { first, last } = state.get();
    const { left, width } = box.getBoundingClientRect();
    const share = Math.min(0.99999, Math.max(0, (x - left) / width));
    return addDays(first, Math.floor(share * (daysBetween(first, last) + 1)));
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = dayAt(event.clientX);
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    const day = dayAt(event.clientX);
    box.title = shortDay(day);
    if (from === null || day === from) return;
    const [start, end] = day < from ? [day, from] : [from, day];
    state.set({ date: end, period: nearestPeriod(daysBetween(start, end) + 1), playing: false });
  });
  box.addEventListener("pointerup", (event) => {
    if (from !== null && dayAt(event.clientX) === from) go(from);
    from = null;
  });
  box.addEventListener("pointercancel", () => { from = null; });
}

function labelOf(counts, { kinds, first, last }) {
  return text("histogram.label", { period: period(first, last), number: asWhole(counts.sum(kinds, first, last)) });
}

/** The histogram's figures by month in a dialog. */
function showTable(counts, { kinds, first, last }) {
  const dialog = document.getElementById("figures");
  const rows = [];
  for (let month = `${last.slice(0, 7)}-01`; ; month = `${addDays(month, -1).slice(0, 7)}-01`) {
    const end = addDays(`${addDays(month, 32).slice(0, 7)}-01`, -1);
    rows.push([`${monthName(month)} ${month.slice(0, 4)}`, asWhole(counts.sum(kinds, month, end))]);
    if (month <= first) break;
  }
  const figures = table(labelOf(counts, { kinds, first, last }), [text("month"), text("events.title")], rows);
  document.getElementById("figures-content").replaceChildren(figures);
  dialog.showModal();
}

/** Years under the slider, or months when the days span less than two years. */
function drawTicks(first, last) {
  const ticks = document.getElementById("ticks");
  const length = Math.max(1, daysBetween(first, last));
  const byYear = length > 730;
  const starts = [];
  for (let month = `${first.slice(0, 7)}-01`; month <= last; month = addDays(month, 32).slice(0, 8) + "01") {
    if (month >= first && (!byYear || month.slice(5, 7) === "01")) starts.push(month);
  }
  const every = Math.ceil(starts.length / 12);
  ticks.replaceChildren();
  starts.forEach((day, index) => {
    if (index % every !== 0) return;
    const tick = document.createElement("span");
    tick.textContent = byYear ? day.slice(0, 4) : monthName(day);
    tick.style.left = `${(100 * daysBetween(first, day)) / length}%`;
    ticks.append(tick);
  });
}
