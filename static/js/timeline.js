import { addDays, clampDay, daysBetween, isDay, longDay } from "./days.js";

const PAGE = 30; // days, for Page Up and Page Down

/** The day controls: slider, field, step buttons. `first` and `last` are the scored days. */
export function startTimeline(state, first, last) {
  const slider = document.getElementById("slider");
  const field = document.getElementById("date");
  const label = document.getElementById("day-label");
  const previous = document.getElementById("previous");
  const next = document.getElementById("next");
  const go = (day) => state.set({ date: clampDay(day, first, last), playing: false });

  slider.max = String(daysBetween(first, last));
  field.min = first;
  field.max = last;
  drawTicks(first, last);

  slider.addEventListener("input", () => go(addDays(first, Number(slider.value))));
  slider.addEventListener("keydown", (event) => {
    const step = { PageUp: PAGE, PageDown: -PAGE }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(addDays(state.get().date, step));
  });
  // While a date is typed, the year passes through values such as 0002: only a complete day in the range is used.
  field.addEventListener("change", () => {
    if (isDay(field.value)) go(field.value);
    else field.value = state.get().date;
  });
  previous.addEventListener("click", () => go(addDays(state.get().date, -1)));
  next.addEventListener("click", () => go(addDays(state.get().date, 1)));

  const show = ({ date }) => {
    slider.value = String(daysBetween(first, date));
    slider.setAttribute("aria-valuetext", longDay(date));
    slider.style.setProperty("--filled", `${(100 * Number(slider.value)) / Math.max(1, Number(slider.max))}%`);
    field.value = date;
    label.textContent = longDay(date);
    // Not `disabled`: that would take the keyboard focus from the button just used.
    previous.setAttribute("aria-disabled", String(date === first));
    next.setAttribute("aria-disabled", String(date === last));
  };
  state.on(["date"], show);
  show(state.get());
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
  const monthName = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
  starts.forEach((day, index) => {
    if (index % every !== 0) return;
    const tick = document.createElement("span");
    tick.textContent = byYear ? day.slice(0, 4) : monthName.format(Date.parse(day));
    tick.style.left = `${(100 * daysBetween(first, day)) / length}%`;
    ticks.append(tick);
  });
}
