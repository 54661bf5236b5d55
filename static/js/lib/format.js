import { formatter, text } from "./text.js";

const number = (options) => formatter(Intl.NumberFormat, options);
const whole = number({ maximumFractionDigits: 0 });
const one = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const brief = number({ maximumSignificantDigits: 2 });
const percentage = number({ style: "percent", maximumFractionDigits: 0 });
const signed = number({ style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const difference = number({ maximumFractionDigits: 0, signDisplay: "exceptZero" });
const degrees = number({ minimumFractionDigits: 3, maximumFractionDigits: 3 });

export const asWhole = (value) => whole().format(value);
export const asOne = (value) => one().format(value);
export const asTwo = (value) => two().format(value);
/** Few digits: for expected counts and widths. */
export const asBrief = (value) => (value >= 100 ? whole : brief)().format(value);
export const asPercent = (value) => percentage().format(value);
/** A change with its sign; the value 0.12 is +12 %. */
export const asChange = (value) => signed().format(value);

/** A difference of two counts with its sign. */
export const asDifference = (value) => difference().format(value);

/** The number of events in words. */
export function events(count) {
  return text("events", { count, number: whole().format(count) });
}

/** A coordinate pair as people write it. */
export function coordinates([lng, lat]) {
  return text("coordinates", {
    lat: degrees().format(Math.abs(lat)), ns: text(lat < 0 ? "south" : "north"),
    lng: degrees().format(Math.abs(lng)), ew: text(lng < 0 ? "west" : "east"),
  });
}
