import { drawn } from "../lib/element.js";

const HEIGHT = 100;

/**
 * Bars in one drawing that fills its box. `groups` are lists of {values, className}, each drawn as one shape over the
 * others; all share the scale of `most`. `label` says what the drawing shows.
 */
export function bars({ count, most, groups, label, gap = 0.18 }) {
  const scale = HEIGHT / Math.max(1, most);
  const shapes = groups.map(({ values, className }) => {
    let path = "";
    for (let index = 0; index < count; index++) {
      const value = values[index];
      if (!(value > 0)) continue;
      const height = Math.max(1.5, value * scale).toFixed(2);
      path += `M${(index + gap / 2).toFixed(2)} ${HEIGHT}v-${height}h${(1 - gap).toFixed(2)}v${height}z`;
    }
    return drawn("path", { d: path, class: className });
  });
  return drawn("svg", {
    class: "bars", viewBox: `0 0 ${count} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label,
  }, ...shapes);
}

/** Sums of `values` in bins of `size`, from `start` up to and including `end`. */
export function binned(values, start, end, size) {
  const sums = new Array(Math.ceil((end - start + 1) / size)).fill(0);
  for (let index = start; index <= end; index++) sums[Math.floor((index - start) / size)] += values[index] ?? 0;
  return sums;
}
