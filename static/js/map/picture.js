import { colour } from "../lib/theme.js";
import { hatch } from "./hatch.js";

const MARGIN = 16;
const LINE = 20;
const FONT = '"Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif';

/** The maps as they are drawn now, as a URL of their PNG. */
export function snapshot(maps) {
  return drawing(maps).toDataURL("image/png");
}

/** The maps beside each other as they are drawn now. Drawn and read in one step: later their canvases are empty. */
function drawing(maps) {
  maps.forEach((map) => map.redraw());
  const canvases = maps.map((map) => map.getCanvas());
  if (canvases.length === 1) return canvases[0];
  const whole = document.createElement("canvas");
  whole.width = canvases.reduce((sum, each) => sum + each.width, 0);
  whole.height = canvases[0].height;
  let left = 0;
  for (const each of canvases) {
    whole.getContext("2d").drawImage(each, left, 0);
    left += each.width;
  }
  return whole;
}

/**
 * A picture of the maps for a document: title and period above it, legend and source below it.
 * `legend` is a list of {colour, name, isHatched}, `title` a text, `lines` and `source` lists of texts.
 */
export async function picture(maps, { title, lines, legend, source }) {
  const drawn = await createImageBitmap(drawing(maps));
  const width = maps.reduce((sum, map) => sum + map.getContainer().clientWidth, 0);
  const height = maps[0].getContainer().clientHeight;
  const ratio = drawn.width / width;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  context.font = `13px ${FONT}`;
  const room = width - 2 * MARGIN;
  const above = lines.flatMap((line) => wrapped(context, line, room));
  const below = source.flatMap((line) => wrapped(context, line, room));
  const keys = placed(context, legend, room);
  const top = MARGIN + 26 + above.length * LINE + 6;
  const bottom = MARGIN + keys.rows * LINE + 8 + below.length * LINE + MARGIN / 2;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((top + height + bottom) * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = colour("--surface");
  context.fillRect(0, 0, width, top + height + bottom);
  context.drawImage(drawn, 0, top, width, height);
  context.textBaseline = "middle";
  context.fillStyle = colour("--ink");
  context.font = `600 18px ${FONT}`;
  context.fillText(title, MARGIN, MARGIN + 9, room);
  context.font = `13px ${FONT}`;
  above.forEach((line, index) => context.fillText(line, MARGIN, MARGIN + 36 + index * LINE));
  for (const { x, row, colour: fill, name, isHatched } of keys.entries) {
    const y = top + height + MARGIN + row * LINE;
    context.fillStyle = fill;
    if (isHatched) hatch(context, [MARGIN + x, y - 7, 14], 4, 1);
    else context.fillRect(MARGIN + x, y - 7, 14, 14);
    context.fillStyle = colour("--ink");
    context.fillText(name, MARGIN + x + 20, y);
  }
  context.fillStyle = colour("--ink-soft");
  const foot = top + height + MARGIN + keys.rows * LINE + 8;
  below.forEach((line, index) => context.fillText(line, MARGIN, foot + index * LINE));
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** A text in lines that are not wider than `room` pixels. */
function wrapped(context, line, room) {
  const rows = [""];
  for (const word of line.split(" ").flatMap((each) => pieces(context, each, room))) {
    const longer = rows.at(-1) === "" ? word : `${rows.at(-1)} ${word}`;
    if (rows.at(-1) !== "" && context.measureText(longer).width > room) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

/** A word, or the parts of one that is wider than `room`, such as a URL. */
function pieces(context, word, room) {
  if (context.measureText(word).width <= room) return [word];
  const fits = Math.max(1, Math.floor((word.length * room) / context.measureText(word).width) - 1);
  return [word.slice(0, fits), ...pieces(context, word.slice(fits), room)];
}

/** The places of the entries of a legend, side by side in as many rows as they need. */
function placed(context, legend, room) {
  let [x, row] = [0, 0];
  const entries = legend.map((entry) => {
    const width = 20 + context.measureText(entry.name).width + 18;
    if (x > 0 && x + width > room) [x, row] = [0, row + 1];
    const at = { ...entry, x, row };
    x += width;
    return at;
  });
  return { entries, rows: row + 1 };
}
