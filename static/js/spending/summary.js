import { element } from "../lib/element.js";
import { asPercent, asWhole } from "../lib/format.js";
import { shortDay } from "../lib/days.js";
import { text } from "../lib/text.js";
import { concentration, periodName } from "./words.js";

/** The sentences at the top: how much, for whom, how concentrated, and what is unusual. */
export function startSummary(state, { departments, vendors, outliers }, money) {
  const lines = document.getElementById("summary");
  const show = () => {
    const found = [
      spent(departments.get(), state.get(), money()), spread(vendors.get()),
      unusual(outliers.get(), departments.get()),
    ];
    const isWaiting = [departments, vendors, outliers].some((each) => each.get().phase === "loading");
    lines.setAttribute("aria-busy", String(isWaiting));
    if (isWaiting && lines.childElementCount > 0) return;
    lines.replaceChildren(...(isWaiting ? [text("loading")] : found.filter(Boolean))
      .map((line) => element("p", { text: line })));
  };
  [departments, vendors, outliers].forEach((each) => each.follow(show));
}

function spent({ phase, value }, state, money) {
  if (phase !== "ready") return null;
  const what = limits(state);
  if (value.count === 0) return text("spending.summary.none", { what });
  const [first] = value.items;
  const line = text("spending.summary.total", {
    what, total: money.exact(value.total), count: value.count, number: asWhole(value.count),
  });
  if (!first || state.department !== null || first.share === null) return line;
  return `${line} ${text("spending.summary.largest", {
    name: first.name || text("spending.unnamed"), share: asPercent(first.share),
  })}`;
}

function spread({ phase, value }) {
  if (phase !== "ready" || value.hhi === null || value.count < 2) return null;
  return text(`spending.summary.${concentration(value.hhi)}`, {
    number: asWhole(value.count), four: value.cr4 === null ? "–" : asPercent(value.cr4),
  });
}

function unusual({ phase, value }, all) {
  if (phase !== "ready" || all.value?.count === 0) return null;
  const { count } = value;
  if (count === 0) return text("spending.noOutliers");
  return text("spending.summary.unusual", { count, number: asWhole(count) });
}

/** What the page is limited to, in words. */
export function limits({ year, department, vendor, from, to }) {
  const parts = [
    year === null ? null : periodName(String(year), "fiscal_year"), department, vendor,
    from && text("spending.from", { day: shortDay(from) }), to && text("spending.to", { day: shortDay(to) }),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : text("spending.everything");
}
