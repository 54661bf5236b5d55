// What waits for no other module: the first request and a click that comes before the button's module.

/**
 * The first request asks for the dataset that the link names, as `fetchDataset` of lib/api.js does. Nobody is signed in
 * yet, since tokens outlive no reload. `takeEarly()` returns its answer once, and then null: who asks again wants news.
 */
const [linked, queried] = [location.hash.slice(1), location.search].map((part) => new URLSearchParams(part));
const dataset = linked.get("dataset") || queried.get("dataset");
const url = new URL("../../v1/tiles.json", import.meta.url);
if (dataset) url.searchParams.set("dataset", dataset);
let sent = fetch(url);
sent.catch(() => {}); // told by who takes it

export function takeEarly() {
  const taken = sent;
  sent = null;
  return taken;
}

/**
 * The button that was clicked last before the buttons work. `answerClick()` clicks it again when they do. Those of the
 * notice and of the map work from the start.
 */
let clicked = null;
const note = ({ target }) => { clicked = target.closest("button:not(#notice *, #map *)") ?? clicked; };
addEventListener("click", note);

export function answerClick() {
  removeEventListener("click", note);
  clicked?.click();
  clicked = null;
}
