// @ts-check
/** The two plots of a pair: the prices of its pools beside the mid, and how far they are apart. */
import { clock, price as priced } from "../format.js";
import { aligned } from "./course.js";
import { labels } from "./pools.js";

/** @typedef {import("./course.js").Course} Course */
/** @typedef {import("../plots/spec.js").Spec} Spec */
/** @typedef {{pool: string, venue: string, course: Course}} Drawn */

const COLOURS = 6;
const DASHES = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]];

/**
 * @param {{pair: string, mid: Course | undefined, pools: Drawn[], title: (venue: string) => string, now: number}} market
 *   `now`: unix seconds
 * @returns {{prices: Spec | null, spread: Spec | null}} `null`: there is nothing to draw yet
 */
export function plotsOf({ pair, mid, pools, title, now }) {
  if (!mid) return { prices: null, spread: null };
  const { x, series } = aligned([mid, ...pools.map(({ course }) => course)], now);
  const heading = (/** @type {number} */ at) => clock(x[at] * 1000, { millis: false });
  const [middle, ...others] = series;
  const shared = { kind: /** @type {const} */ ("lines"), x, heading };
  const prices = {
    ...shared,
    summary: `Prices of ${pair}: mid ${priced(mid.last ?? undefined)}, ${pools.length} pools.`,
    series: [...lines(pools, others, title), { label: "Mid of all pools", values: middle, colour: "--ink", width: 2.5 }],
    say: priced,
    level: leveled(mid.last ?? 0),
  };
  return { prices, spread: pools.length < 2 ? null : { ...shared, ...spreadOf(middle, others) } };
}

/**
 * The highest price less the lowest, in bps of the mid; not known where fewer than two pools have a price.
 * @param {(number | null)[]} mids
 * @param {(number | null)[][]} prices
 */
export function spread(mids, prices) {
  return mids.map((mid, at) => {
    const known = prices.flatMap((values) => values[at] ?? []);
    return mid && known.length > 1 ? ((Math.max(...known) - Math.min(...known)) / mid) * 10_000 : null;
  });
}

/** @param {(number | null)[]} mids @param {(number | null)[][]} prices */
function spreadOf(mids, prices) {
  const values = spread(mids, prices);
  const last = values.at(-1) ?? null;
  const say = (/** @type {number} */ value) => `${value.toFixed(1)} bps`;
  return {
    summary: `Spread between pools: ${last === null ? "not known yet" : say(last)}.`,
    series: [{ label: "Spread", values, colour: "--plot-1" }],
    say,
    level: (/** @type {number} */ value) => `${+value.toFixed(1)}`,
  };
}

/** A colour for each venue, a dash for each pool of it. @param {Drawn[]} pools @param {(number | null)[][]} values @param {(venue: string) => string} title */
function lines(pools, values, title) {
  const names = labels(pools, title);
  const venues = [...new Set(pools.map(({ venue }) => venue))].sort();
  return pools.map(({ pool, venue }, at) => {
    const { label, nth } = names.get(pool) ?? { label: pool, nth: 0 };
    const place = venues.indexOf(venue);
    const dash = DASHES[(nth + Math.floor(place / COLOURS)) % DASHES.length];
    return { label, values: values[at], colour: `--plot-${(place % COLOURS) + 1}`, dash, width: 1.25 };
  });
}

/** Prices of one axis in the same number of digits. @param {number} about */
function leveled(about) {
  const digits = Math.max(0, 5 - Math.ceil(Math.log10(about || 1)));
  return (/** @type {number} */ value) => value.toFixed(Math.min(digits, 14));
}
