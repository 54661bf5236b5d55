import { element } from "../lib/element.js";
import { shortDay } from "../lib/days.js";
import { text } from "../lib/text.js";

/** Shows the dataset's title, attribution and licence. */
export function showAbout({ title, licence, licence_url: licenceURL, attribution, first_day: first, last_day: last }) {
  document.getElementById("title").textContent = title;
  document.title = `${title} · Hextant`;
  const line = document.getElementById("attribution");
  line.replaceChildren(text("about.data", { attribution }));
  const isNamed = attribution.includes(licence);
  // The licence is said once: many attributions name it already.
  if (/^https?:/.test(licenceURL ?? "")) {
    const name = isNamed ? text("about.licence") : licence;
    line.append(" ", element("a", { href: licenceURL, rel: "license noopener", text: name, title: licence }));
  } else if (!isNamed) {
    line.append(` ${licence}`);
  }
  document.getElementById("scored-days").textContent =
    first ? text("about.days", { from: shortDay(first), to: shortDay(last) }) : "";
}

/** The lines that go with whatever is taken away: whose data it is, and under which terms. */
export function sourceLines({ licence, attribution }) {
  return [text("about.data", { attribution }), ...(attribution.includes(licence) ? [] : [licence])];
}
