import { text } from "../lib/text.js";

/** Whose data it is, and under which terms, in one line. Many attributions name the licence already. */
export function sourceLine({ licence, attribution }) {
  return [text("about.data", { attribution }), ...(attribution.includes(licence) ? [] : [licence])].join(" ");
}
