import { monthName } from "../lib/days.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";

const MODERATE = 1000; // of the Herfindahl-Hirschman index, by the merger guidelines of the United States of 2023
const HIGH = 1800;

/** How concentrated the spending on vendors is: "low", "moderate" or "high". */
export function concentration(hhi) {
  return hhi > HIGH ? "high" : hhi >= MODERATE ? "moderate" : "low";
}

/** The index with its word. */
export function hhiInWords(hhi) {
  return hhi === null ? "–" : `${asWhole(hhi)} (${text(`spending.concentration.${concentration(hhi)}`)})`;
}

/** A period as people write it: 2024-03, 2024-Q1 or a fiscal year. */
export function periodName(period, by) {
  if (by === "fiscal_year") return text("spending.year", { year: period });
  const [year, part] = period.split("-");
  if (by === "quarter") return text("spending.quarter", { year, quarter: part.replace("Q", "") });
  return `${monthName(`${year}-${part}-01`)} ${year}`;
}

const FEATURES = [
  "log_total", "log_mean", "log_count", "vendor_hhi", "last_quarter_share", "growth", "vendor_rate", "vendor_payments",
  "department_rate", "department_payments", "account_rate", "account_payments", "month",
];

/** The name of a feature of a model; one that only a newer server knows keeps its own. */
export function featureName(feature) {
  return FEATURES.includes(feature) ? text(`spending.feature.${feature}`) : feature;
}
