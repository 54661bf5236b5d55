import { getJSON } from "./api.js";
import { isCell } from "./cells.js";

const MOST_ASKED = 50;
const MOST_FOUND = 8;
const NUMBER = String.raw`[-+−]?\d{1,3}(?:[.,]\d{1,15})?`;
const LATITUDE = String.raw`(?<lat>${NUMBER})\s*°?\s*(?<ns>[ns])?`;
const LONGITUDE = String.raw`(?<lng>${NUMBER})\s*°?\s*(?<ew>[ewo])?`;
const PAIR = new RegExp(String.raw`^${LATITUDE}(?:\s*[,;]\s+|\s*;\s*|\s+|(?<=[\d°ns]),(?=[-+−]?\d))${LONGITUDE}$`, "i");

/**
 * What a text asks for: {cell} for the index of an H3 cell, {point: [lng, lat]} for a latitude and a longitude in
 * degrees, as in "43.65, -79.38" and "43,65° N, 79,38° O", {outside: true} for numbers that are no place on the globe,
 * else {name}.
 */
export function readPlace(written) {
  const text = written.trim();
  const index = text.toLowerCase();
  if (isCell(index)) return { cell: index };
  const found = text.match(PAIR)?.groups;
  if (!found) return { name: text };
  const [lat, lng] = [degrees(found.lat, found.ns, "s"), degrees(found.lng, found.ew, "wo")];
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180) return { outside: true };
  return { point: [lng, lat] };
}

function degrees(written, side, negative) {
  const value = Number(written.replace("−", "-").replace(",", "."));
  return side && negative.includes(side.toLowerCase()) ? -value : value;
}

/**
 * The areas of a layer with these words in their name, as {id, name, parent}, at most a few: those whose name begins
 * with them first. Capitals and accents make no difference, as the server sees to.
 */
export async function findAreas(layer, words, signal) {
  const query = { q: words, sort: "name", fields: "id,name,parent", limit: MOST_ASKED, f: "json" };
  const { items } = await getJSON(`v1/areas/${encodeURIComponent(layer)}`, query, signal);
  const begins = ({ name }) => Number(plain(name).startsWith(plain(words)));
  return items.sort((a, b) => begins(b) - begins(a)).slice(0, MOST_FOUND);
}

/** A text without accents and capitals. */
function plain(text) {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
