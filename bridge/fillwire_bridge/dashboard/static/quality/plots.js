// @ts-check
/** The plots of execution quality, as specs. `null`: there is nothing to show. */
import { clock, lasting } from "../format.js";
import { binned, place, quantile } from "../plots/bins.js";
import { PARTS, days, grouped, mean, summed, venues } from "./figures.js";
import { bps, dayName } from "./texts.js";

/** @typedef {import("../plots/spec.js").Spec} Spec */
/** @typedef {import("./figures.js").Report} Report */
/** @typedef {import("./ended.js").Ended} Ended */

const MOST_ORDERS = 60;
const COLOURS = 6;
const SHARES = [0.5, 0.95, 0.99];

/**
 * What whole orders cost, day by day; over several pairs each order counts as one.
 * @param {Report} report
 * @returns {Spec | null}
 */
export function costByDay(report) {
  const span = days(report);
  const byDay = grouped(report.totals ?? [], (row) => row.day);
  const costs = span.map((day) => costOf(byDay.get(day) ?? []));
  if (!costs.some(Boolean)) return null;
  return {
    ...costPlot(costs, (at) => dayName(span[at])),
    heading: (at) => `${dayName(span[at])} ${span[at].slice(0, 4)}`,
    summary: `Cost by day over ${span.length === 1 ? "one day" : `${span.length} days`}.`,
  };
}

/**
 * What each of the last orders cost.
 * @param {Ended[]} orders newest first
 * @returns {Spec | null}
 */
export function costByOrder(orders) {
  const shown = orders.filter(({ cost }) => cost).slice(0, MOST_ORDERS).reverse();
  if (!shown.length) return null;
  return {
    ...costPlot(shown.map(({ cost }) => cost), (at) => clock(shown[at].at, { millis: false }).slice(0, 5)),
    heading: (at) => `${new Date(shown[at].at).toISOString().slice(0, 10)} ${clock(shown[at].at)}`,
    summary: `Cost of the last ${shown.length} orders.`,
  };
}

/**
 * Of what was filled each day, how much went to each venue: of one pair the amount given, of several the number of fills.
 * @param {Report} report
 * @param {{title: (venue: string) => string, say?: (units: number) => string, measure: (row: import("./figures.js").Row) => number}} how
 * @returns {Spec | null}
 */
export function filledByDay(report, { title, measure, say = (value) => value.toLocaleString("en-US") }) {
  const span = days(report);
  const names = venues(report);
  if (!names.length) return null;
  const byVenue = grouped(report.rows ?? [], (row) => row.venue ?? "");
  const on = (/** @type {string} */ venue, /** @type {string} */ day) =>
    (byVenue.get(venue) ?? []).filter((row) => row.day === day).reduce((sum, row) => sum + measure(row), 0);
  return {
    kind: "columns",
    x: [...span.keys()],
    series: names.map((venue, at) => ({ label: title(venue), colour: `--plot-${(at % COLOURS) + 1}`, values: span.map((day) => on(venue, day)) })),
    label: (at) => dayName(span[at] ?? span[0]),
    heading: (at) => `${dayName(span[at])} ${span[at].slice(0, 4)}`,
    say,
    level: short,
    summary: `Fills by day at ${names.length} venues, most at ${title(names[0])}.`,
  };
}

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
 * @param {(Record<typeof PARTS[number], number> | null)[]} costs
 * @param {(at: number) => string} label
 */
function costPlot(costs, label) {
  return {
    kind: /** @type {const} */ ("columns"),
    x: [...costs.keys()],
    series: PARTS.map((part, at) => ({ label: part, colour: `--plot-${at + 1}`, values: costs.map((cost) => cost?.[part] ?? null) })),
    total: "total",
    label: (/** @type {number} */ at) => (at < costs.length ? label(at) : ""),
    say: bps,
    level: (/** @type {number} */ value) => `${+value.toFixed(2)}`.replace("-", "−"),
  };
}

/** Of one pair as the engine weighs it; over several, each order counts as one. @param {import("./figures.js").Row[]} rows */
function costOf(rows) {
  const known = [...grouped(rows, ({ tokenIn, tokenOut }) => `${tokenIn}/${tokenOut}`).values()].flatMap((of) => summed(of) ?? []);
  const costs = known.flatMap(({ cost, orders }) => (cost ? [{ cost, orders }] : []));
  if (!costs.length) return null;
  const of = (/** @type {typeof PARTS[number]} */ part) => mean(costs.map(({ cost, orders }) => [cost[part], orders])) ?? 0;
  return /** @type {Record<typeof PARTS[number], number>} */ (Object.fromEntries(PARTS.map((part) => [part, of(part)])));
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

/** @param {number} value */
function short(value) {
  const [size, sign] = /** @type {[number, string][]} */ ([[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]]).find(([power]) => value >= power) ?? [1, ""];
  return `${+(value / size).toPrecision(6)}${sign}`;
}
