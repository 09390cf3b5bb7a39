// @ts-check
import { whole } from "../format.js";
import { typeOf } from "../statuses.js";
import { DRAFT, localTime } from "./draft.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("../tokens.js").Token} Token */
/**
 * The terms that an order has: as a draft, and as they came over the wire. A field that nobody has changed keeps what came,
 * which may be finer than its text: a time has microseconds.
 * @typedef {{draft: Draft, given: Partial<Record<keyof Draft, any>>, venues: VenueLimits}} Terms
 */
/** @typedef {{includeVenues?: string[], excludeVenues?: string[]}} VenueLimits */

/**
 * The draft that an OrderSpec, as the engine tells it, would have come from.
 * @param {any} spec
 * @param {Map<string, Token>} tokens with both of its tokens
 * @returns {Terms}
 */
export function termsOf(spec, tokens) {
  const given = valuesOf(spec);
  const exact = spec.amountOut === undefined ? "in" : "out";
  const places = (/** @type {string} */ symbol) => tokens.get(symbol)?.decimals ?? 0;
  const [sold, bought] = [places(spec.tokenIn), places(spec.tokenOut)];
  const { includeVenues, excludeVenues } = spec.routing ?? {};
  const units = { amount: exact === "in" ? sold : bought, minimum: exact === "in" ? bought : sold, liquidity: sold };
  const texts = Object.fromEntries(Object.entries(given).map(([key, value]) =>
    [key, text(key, value, units[/** @type {keyof typeof units} */ (key)])]));
  const draft = {
    ...DRAFT,
    ...texts,
    sell: spec.tokenIn,
    buy: spec.tokenOut,
    exact,
    type: typeOf(spec),
    timeInForce: spec.timeInForce === "TIME_IN_FORCE_GTD" ? spec.timeInForce : "",
    sniper: SNIPERS.has(spec.sniper?.trigger) ? spec.sniper.trigger : "",
    venueRule: includeVenues ? "include" : excludeVenues ? "exclude" : "",
    venues: (includeVenues ?? excludeVenues ?? []).join(" "),
  };
  return { draft, given, venues: { includeVenues, excludeVenues } };
}

const SNIPERS = new Set(["TRIGGER_POOL_CREATED", "TRIGGER_LIQUIDITY_MIGRATED"]);
const TIMES = new Set(["deadline", "goodTill", "executeTime", "startTime"]);

/** @param {any} spec */
function valuesOf(spec) {
  const own = spec[typeOf(spec)] ?? {};
  return {
    amount: spec.amountIn ?? spec.amountOut,
    slippage: spec.slippageBps,
    minimum: spec.minAmountOut ?? spec.maxAmountIn,
    impact: spec.maxPriceImpactBps,
    deadline: spec.deadline,
    goodTill: spec.goodTillTime,
    reference: spec.clientOrderId,
    maxLegs: spec.routing?.maxLegs,
    maxHops: spec.routing?.maxHops,
    limitPrice: (own.limit ?? own).limitPrice,
    triggerPrice: (own.stop ?? own).triggerPrice,
    trail: own.trailBps,
    activation: own.activationPrice,
    executeTime: own.executeTime,
    slices: own.slices,
    interval: own.interval,
    startTime: own.startTime,
    liquidity: own.minLiquidity,
  };
}

/** @param {string} key @param {any} value @param {number | undefined} places of an amount, after the point */
function text(key, value, places) {
  if (value === undefined) return "";
  if (places !== undefined) return whole(value, places);
  if (TIMES.has(key)) return localTime(new Date(value).getTime());
  return key === "interval" ? value.replace("s", "") : String(value);
}
