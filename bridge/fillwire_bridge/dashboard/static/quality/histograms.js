// @ts-check
/** How orders are spread over a figure, as plots. `null`: there is nothing to show. */
import { lasting } from "../format.js";
import { binned, place, quantile } from "../plots/bins.js";

/** @typedef {import("../plots/spec.js").Spec} Spec */
/** @typedef {import("./ended.js").Ended} Ended */

const SHARES = [0.5, 0.95, 0.99];

/** What swaps gave less than quoted. @param {Ended[]} orders @returns {Spec | null} */
export function slippageHistogram(orders) {
  const values = orders.flatMap(({ cost }) => (cost ? cost.slippage : []));
  const level = (/** @type {number} */ value) => `${+value.toFixed(2)}`.replace("-", "−");
  return histogram(binned(values, { centred: true }), values, { say: (value) => `${level(value)} bps`, level, shares: [0.5, 0.95], of: "Slippage" });
}

/** Time from accepted to confirmed. @param {Ended[]} orders @returns {Spec | null} */
export function timeHistogram(orders) {
  const say = (/** @type {number} */ value) => lasting(value * 1000);
  const values = seconds(orders);
  return histogram(binned(values), values, { say, level: say, shares: SHARES, of: "Time to confirmation" });
}

/** @param {Ended[]} orders @returns {{share: number, seconds: number}[]} empty: no order was timed */
export function times(orders) {
  const sorted = seconds(orders).sort((a, b) => a - b);
  return sorted.length ? SHARES.map((share) => ({ share, seconds: quantile(sorted, share) })) : [];
}

/** @param {Ended[]} orders */
function seconds(orders) {
  return orders.flatMap(({ seconds }) => seconds ?? []);
}

/**
 * @param {import("../plots/bins.js").Bins | null} bins of the values
 * @param {number[]} values
 * @param {{say: (value: number) => string, level: (value: number) => string, shares: number[], of: string}} how
 * @returns {Spec | null}
 */
function histogram(bins, values, { say, level, shares, of }) {
  if (!bins) return null;
  const { low, step, counts, under, over } = bins;
  const sorted = [...values].sort((a, b) => a - b);
  const marks = shares.map((share) => ({ share, value: quantile(sorted, share) }));
  const from = (/** @type {number} */ at) => low + at * step;
  return {
    kind: "columns",
    x: [...counts.keys()],
    series: [{ label: "Orders", colour: "--plot-1", values: counts }],
    rules: marks.map(({ share, value }) => ({ at: place(bins, value), label: `p${share * 100} ${say(value)}` })),
    edges: true,
    label: (at) => (under && at === 0 ? "less" : over && at === counts.length ? "more" : level(from(at))),
    heading: (at) => range(at, { under: under && at === 0, over: over && at === counts.length - 1, from, say }),
    say: (value) => value.toLocaleString("en-US"),
    level: (value) => (Number.isInteger(value) ? `${value}` : ""),
    summary: `${of} of ${values.length} orders: ${marks.map(({ share, value }) => `p${share * 100} ${say(value)}`).join(", ")}.`,
  };
}

/**
 * @param {number} at
 * @param {{under: boolean, over: boolean, from: (at: number) => number, say: (value: number) => string}} bin
 */
function range(at, { under, over, from, say }) {
  if (under) return `less than ${say(from(at + 1))}`;
  return over ? `${say(from(at))} and more` : `${say(from(at))} to ${say(from(at + 1))}`;
}
