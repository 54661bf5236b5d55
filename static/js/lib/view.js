/** The view of a map in a link: `zoom/latitude/longitude` as {zoom, lat, lng}, or null for a text that is none. */
export function readView(text) {
  const numbers = text.split("/").map((part) => (part === "" ? NaN : Number(part)));
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  const [zoom, lat, lng] = numbers;
  return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 22 ? { zoom, lat, lng } : null;
}

/** The same as a text. */
export function writeView({ zoom, lat, lng }) {
  return `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
}
