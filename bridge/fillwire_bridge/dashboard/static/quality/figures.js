// @ts-check
/** The figures of a report, brought together by pair as the report of the command line does (fillwire.report.figures). */

/** @typedef {{totalBps?: number, driftBps?: number, feeBps?: number, impactBps?: number, slippageBps?: number, savedBps?: number}} Cost */
/** @typedef {{day: string, tokenIn: string, tokenOut: string, venue?: string, orders?: string, amountIn?: string, amountOut?: string, cost?: Cost, meanTime?: string}} Row */
/** @typedef {{rows?: Row[], totals?: Row[]}} Report */
/** @typedef {Record<typeof NAMES[number], number>} Means */
/**
 * Several rows together. `cost`: means weighted by what was given; `null`: not known of any of them.
 * @typedef {{orders: number, amountIn: bigint, amountOut: bigint, cost: Means | null, seconds: number | null}} Sums
 */
/**
 * All that was traded of a pair. `whole` is `null` where it was only a part of longer routes; `venues`, the largest first.
 * @typedef {{tokenIn: string, tokenOut: string, whole: Sums | null, venues: [string, Sums][]}} Pair
 */

/** What a cost is made of, in the order in which it comes about. */
export const PARTS = /** @type {const} */ (["drift", "fee", "impact", "slippage"]);
const NAMES = /** @type {const} */ (["total", "drift", "fee", "impact", "slippage", "saved"]);

/**
 * The pairs of a report, those with most orders first, then those that were only parts of routes.
 * @param {Report} report
 * @returns {Pair[]}
 */
export function pairs({ rows = [], totals = [] }) {
  const [wholes, legs] = [grouped(totals, pairName), grouped(rows, pairName)];
  const names = [...new Set([...wholes.keys(), ...legs.keys()])];
  const found = names.map((name) => pair(wholes.get(name) ?? [], legs.get(name) ?? []));
  return found.sort((a, b) => ordersOf(b) - ordersOf(a) || ascending(a.tokenIn, b.tokenIn) || ascending(a.tokenOut, b.tokenOut));
}

/**
 * Rows together; `null`: there are none.
 * @param {Row[]} rows
 * @returns {Sums | null}
 */
export function summed(rows) {
  if (!rows.length) return null;
  const timed = rows.filter((row) => row.meanTime !== undefined);
  return {
    orders: count(rows),
    amountIn: added(rows.map((row) => row.amountIn)),
    amountOut: added(rows.map((row) => row.amountOut)),
    cost: costOf(rows),
    seconds: micros(mean(timed.map((row) => [Number(row.meanTime?.slice(0, -1)), orders(row)]))),
  };
}

/**
 * All pairs in four figures, each order counting as one.
 * @param {Pair[]} found
 */
export function overall(found) {
  const wholes = found.flatMap((one) => one.whole ?? []);
  const costs = wholes.flatMap(({ cost, orders }) => (cost ? [{ cost, orders }] : []));
  return {
    orders: wholes.reduce((sum, one) => sum + one.orders, 0),
    total: mean(costs.map(({ cost, orders }) => [cost.total, orders])),
    saved: mean(costs.map(({ cost, orders }) => [cost.saved, orders])),
    seconds: mean(wholes.flatMap(({ seconds, orders }) => (seconds ? [[seconds, orders]] : []))),
  };
}

/**
 * Every day from the first to the last with a fill.
 * @param {Report} report
 * @returns {string[]}
 */
export function days({ rows = [], totals = [] }) {
  const known = [...rows, ...totals].map((row) => row.day).sort();
  if (!known.length) return [];
  const [first, last] = [known[0], known[known.length - 1]].map((day) => Date.parse(day) / 86_400_000);
  return Array.from({ length: last - first + 1 }, (_, n) => new Date((first + n) * 86_400_000).toISOString().slice(0, 10));
}

/**
 * Every venue with a leg, those with most orders first.
 * @param {Report} report
 * @returns {string[]}
 */
export function venues({ rows = [] }) {
  const counted = [...grouped(rows, (row) => row.venue ?? "")].map(([venue, of]) => ({ venue, orders: count(of) }));
  return counted.sort((a, b) => b.orders - a.orders || ascending(a.venue, b.venue)).map(({ venue }) => venue);
}

/**
 * The mean of values with their weights; `null`: they weigh nothing.
 * @param {(number[])[]} values
 * @returns {number | null}
 */
export function mean(values) {
  const weight = values.reduce((sum, [, weight]) => sum + weight, 0);
  return weight ? values.reduce((sum, [value, weight]) => sum + value * weight, 0) / weight : null;
}

/** "SOL/USDC": gives the first, gets the second. @param {{tokenIn: string, tokenOut: string}} row */
export function pairName({ tokenIn, tokenOut }) {
  return `${tokenIn}/${tokenOut}`;
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @returns {Map<string, T[]>}
 */
export function grouped(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** @param {Row[]} totals @param {Row[]} legs @returns {Pair} */
function pair(totals, legs) {
  const { tokenIn, tokenOut } = [...totals, ...legs][0];
  const found = [...grouped(legs, (row) => row.venue ?? "")].map(([venue, of]) => [venue, summed(of)]);
  const venues = /** @type {[string, Sums][]} */ (found);
  venues.sort(([, a], [, b]) => Number(b.amountIn > a.amountIn) - Number(b.amountIn < a.amountIn));
  return { tokenIn, tokenOut, whole: summed(totals), venues };
}

/** @param {Row[]} rows @returns {Means | null} */
function costOf(rows) {
  const known = rows.filter((row) => row.cost);
  if (!known.length) return null;
  const of = (/** @type {typeof NAMES[number]} */ name) =>
    mean(known.map((row) => [row.cost?.[`${name}Bps`] ?? 0, Number(row.amountIn ?? 0)])) ?? 0;
  return /** @type {Means} */ (Object.fromEntries(NAMES.map((name) => [name, of(name)])));
}

/** To the microsecond, as the SDK keeps times. @param {number | null} seconds */
function micros(seconds) {
  return seconds === null ? null : Math.round(seconds * 1e6) / 1e6;
}

/** @param {Row} row */
function orders(row) {
  return Number(row.orders ?? 0);
}

/** @param {Row[]} rows */
function count(rows) {
  return rows.reduce((sum, row) => sum + orders(row), 0);
}

/** @param {Pair} one */
function ordersOf(one) {
  return one.whole?.orders ?? 0;
}

/** @param {(string | undefined)[]} amounts */
function added(amounts) {
  return amounts.reduce((sum, amount = "0") => sum + BigInt(amount), 0n);
}

/** @param {string} a @param {string} b */
function ascending(a, b) {
  return a < b ? -1 : Number(a > b);
}
