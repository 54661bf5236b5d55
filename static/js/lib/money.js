import { locale } from "./text.js";

const formats = new Map();

/**
 * The format of amounts in a currency (ISO 4217), or of bare numbers where none is known. Amounts are decimals as text,
 * which Intl writes digit by digit, without a detour over binary fractions.
 */
export function moneyIn(currency) {
  const key = currency ?? "";
  if (!formats.has(key)) formats.set(key, create(currency));
  return formats.get(key);
}

function create(currency) {
  const style = currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {};
  const exact = new Intl.NumberFormat(locale, { ...style, minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const brief = new Intl.NumberFormat(locale, { ...style, notation: "compact", maximumSignificantDigits: 3 });
  return {
    /** Every cent. */
    exact: (amount) => (amount === null ? "–" : exact.format(amount)),
    /** Three digits, such as 1.25M: for axes and sentences. */
    brief: (amount) => (amount === null ? "–" : brief.format(amount)),
  };
}
