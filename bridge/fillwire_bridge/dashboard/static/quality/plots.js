// @ts-check
/** Costs and fills over time, as plots. `null`: there is nothing to show. */
import { clock, dateTime } from "../format.js";
import { PARTS, days, grouped, mean, summed, venues } from "./figures.js";
import { bps, dayName } from "./texts.js";

/** @typedef {import("../plots/spec.js").Spec} Spec */
/** @typedef {import("./figures.js").Report} Report */
/** @typedef {import("./ended.js").Ended} Ended */

const MOST_ORDERS = 60;
const COLOURS = 6;

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
    heading: (at) => dateTime(new Date(shown[at].at).toISOString()),
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

/** @param {number} value */
function short(value) {
  const [size, sign] = /** @type {[number, string][]} */ ([[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]]).find(([power]) => value >= power) ?? [1, ""];
  return `${+(value / size).toPrecision(6)}${sign}`;
}
