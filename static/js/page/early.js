/**
 * The first request, which waits for no other module: it asks for the dataset that the link names, as `fetchDataset`
 * of lib/api.js does. Nobody is signed in yet, since tokens outlive no reload. `takeEarly()` returns its answer once,
 * and then null: who asks again wants news.
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
