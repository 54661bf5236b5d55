import { colour } from "../lib/theme.js";

/** The name of the pattern of areas without a figure: no colour of a scale, so that it is never taken for a value. */
export const HATCH = "no-figure";
const SIDE = 16; // px of the image, which is drawn at half of that

/** Adds the pattern to a map, or draws it anew in the current theme. */
export function drawHatch(map) {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  hatch(context, [0, 0, SIDE], SIDE, 2.5); // by whole sides, so that lines go on in the next image
  const image = context.getImageData(0, 0, SIDE, SIDE);
  if (map.hasImage(HATCH)) map.updateImage(HATCH, image);
  else map.addImage(HATCH, image, { pixelRatio: 2 });
}

/** Fills a box of a drawing with lines from its lower left to its upper right, `step` px beside each other. */
export function hatch(context, [x, y, side], step, thickness) {
  context.save();
  context.beginPath();
  context.rect(x, y, side, side);
  context.clip();
  context.fillStyle = colour("--map-paper");
  context.fillRect(x, y, side, side);
  context.strokeStyle = colour("--map-bounds");
  context.lineWidth = thickness;
  for (let shift = -side; shift <= side; shift += step) {
    context.beginPath();
    context.moveTo(x + shift - 1, y + side + 1);
    context.lineTo(x + shift + side + 1, y - 1);
    context.stroke();
  }
  context.restore();
}
