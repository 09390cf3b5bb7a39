// @ts-check
/** Values counted in bins of a round width, and the values that a share of them does not exceed. */

/** @typedef {{low: number, step: number, counts: number[], under: boolean, over: boolean}} Bins */

const MOST_BINS = 16;
/** So few of a hundred, on either side, do not stretch the scale; they are counted in the outer bins. */
const OUTLIERS = 0.04;

/**
 * Bins of 1, 2 or 5 times a power of ten. `under`, `over`: the first or last one also holds all that lies beyond it.
 * @param {number[]} values
 * @param {{centred?: boolean}} [how] `centred`: 0 lies in the middle of a bin, not between two
 * @returns {Bins | null} `null`: there are no values
 */
export function binned(values, { centred = false } = {}) {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [quantile(sorted, OUTLIERS), quantile(sorted, 1 - OUTLIERS)];
  const step = roundStep((most - least || Math.abs(most) || 1) / (MOST_BINS - 2));
  const shift = centred ? 0.5 : 0;
  const number = (/** @type {number} */ value) => Math.floor(value / step + shift);
  const first = number(least);
  const counts = Array(number(most) - first + 1).fill(0);
  for (const value of sorted) counts[clamped(number(value) - first, counts.length)] += 1;
  const [under, over] = [number(sorted[0]) < first, number(sorted[sorted.length - 1]) - first >= counts.length];
  return { low: (first - shift) * step, step, counts, under, over };
}

/**
 * Where a value stands on an axis on which the bins are 0, 1, 2 and so on, each a half to either side.
 * @param {Bins} bins
 * @param {number} value
 */
export function place(bins, value) {
  const exact = (value - bins.low) / bins.step - 0.5;
  return Math.min(Math.max(exact, -0.5), bins.counts.length - 0.5);
}

/**
 * The least of the values that `share` of them do not exceed (nearest rank).
 * @param {number[]} sorted not empty, ascending
 * @param {number} share 0 to 1
 */
export function quantile(sorted, share) {
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)];
}

/** @param {number} least the step that would just do */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((times) => power * times >= least * (1 - 1e-9)) ?? 10);
}

/** @param {number} at @param {number} length */
function clamped(at, length) {
  return Math.min(Math.max(at, 0), length - 1);
}
