import { shortDay } from "./days.js";

/** Shows the dataset's title, attribution and licence. */
export function showAbout({ title, licence, licence_url: licenceURL, attribution, first_day: first, last_day: last }) {
  document.getElementById("title").textContent = title;
  document.title = `${title} · Hextant`;
  const line = document.getElementById("attribution");
  line.replaceChildren(`Data: ${attribution}. `);
  if (/^https?:/.test(licenceURL ?? "")) {
    const link = document.createElement("a");
    link.href = licenceURL;
    link.rel = "license noopener";
    link.textContent = licence;
    line.append(link);
  } else {
    line.append(licence);
  }
  document.getElementById("scored-days").textContent = `Scored from ${shortDay(first)} to ${shortDay(last)}.`;
}
