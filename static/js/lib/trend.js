const SIGNIFICANT = 0.05;
const FEWEST = 10; // events in both periods, below which nothing is called a trend

/**
 * The word for two counts of periods of equal length: "few" below ten events, "up" or "down" if a difference like this
 * comes by chance less than once in twenty times, else "steady". Exact binomial test of Poisson counts: a would be half
 * of a + b events.
 */
export function trend(now, before) {
  if (now + before < FEWEST) return "few";
  if (twoSided(now, now + before) >= SIGNIFICANT) return "steady";
  return now > before ? "up" : "down";
}

/** Two-sided p of `k` of `n` at a share of one half: twice the smaller tail, at most 1. */
export function twoSided(k, n) {
  const smaller = Math.min(k, n - k);
  // The chance of exactly `smaller` of n as a logarithm, since that of 0 of a thousand is too small for a number.
  let logarithm = -n * Math.LN2;
  for (let i = 1; i <= smaller; i++) logarithm += Math.log((n - i + 1) / i);
  let [ratio, sum] = [1, 1];
  for (let i = smaller; i > 0 && ratio > 1e-17; i--) {
    ratio *= i / (n - i + 1);
    sum += ratio;
  }
  return Math.min(1, 2 * Math.exp(logarithm) * sum);
}
