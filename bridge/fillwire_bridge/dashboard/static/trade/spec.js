// @ts-check
import { smallest } from "../format.js";
import { decimal, Form, integer, moment } from "./form.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Rules} Rules */
/** @typedef {import("./terms.js").Terms} Terms */
/** @typedef {import("../tokens.js").Token} Token */

/**
 * The OrderSpec that a draft means, and what is wrong with the draft; the spec is of use only where nothing is.
 * @param {Draft} draft
 * @param {Map<string, Token>} tokens
 * @param {Terms} [terms] of an order that rests, where the draft is of new terms for it
 * @returns {{spec: any, rules: Rules}}
 */
export function orderOf(draft, tokens, terms) {
  const form = new Form(draft, terms);
  const [sold, bought] = [decimals(tokens, draft.sell), decimals(tokens, draft.buy)];
  const exactIn = draft.exact === "in";
  if (draft.sell === draft.buy) form.rules.buy = "Must be another token";
  const spec = present({
    tokenIn: draft.sell,
    tokenOut: draft.buy,
    [exactIn ? "amountIn" : "amountOut"]: form.read("amount", (text) => smallest(text, exactIn ? sold : bought)),
    slippageBps: takesSlippage(draft.type, terms) ? form.may("slippage", (text) => integer(text, 0, 10_000)) : undefined,
    [exactIn ? "minAmountOut" : "maxAmountIn"]: form.may("minimum", (text) => smallest(text, exactIn ? bought : sold)),
    maxPriceImpactBps: form.may("impact", (text) => integer(text, 0, 10_000)),
    deadline: form.may("deadline", moment),
    timeInForce: draft.timeInForce,
    goodTillTime: draft.timeInForce === "TIME_IN_FORCE_GTD" ? form.read("goodTill", moment) : undefined,
    clientOrderId: form.may("reference", (text) => text),
    routing: present({
      maxLegs: form.may("maxLegs", (text) => integer(text, 1, 16)),
      maxHops: form.may("maxHops", (text) => integer(text, 1, 4)),
      ...venueLimits(form),
    }),
    [draft.type]: CONDITIONS[draft.type](form, sold),
  });
  if (draft.type !== "limit" && !draft.slippage.trim() && !draft.minimum.trim()) form.rules.slippage = UNBOUNDED;
  return { spec, rules: form.rules };
}

const UNBOUNDED = "Must be given, or a bound under more settings";

/**
 * The price of a limit order is its bound already; one that has a slippage all the same may keep it.
 * @param {string} type @param {Terms} [terms]
 */
export function takesSlippage(type, terms) {
  return type !== "limit" || Boolean(terms?.draft.slippage);
}

/** @param {Form} form @returns {import("./terms.js").VenueLimits} */
function venueLimits(form) {
  const { venueRule, venues } = form.draft;
  if (form.terms && form.kept("venueRule", "venues")) return form.terms.venues;
  if (!venueRule) return {};
  if (!venues) form.rules.venues = "Tick at least one venue";
  return { [venueRule === "include" ? "includeVenues" : "excludeVenues"]: venues.split(" ") };
}

/**
 * What to ask of StreamQuotes; `null` while the draft names no amount that could be quoted.
 * @param {Draft} draft
 * @param {Map<string, Token>} tokens
 */
export function quoteRequest(draft, tokens) {
  const { spec, rules } = orderOf({ ...draft, type: "market" }, tokens);
  if (["amount", "buy", "maxLegs", "maxHops", "venues"].some((name) => name in rules)) return null;
  const { tokenIn, tokenOut, amountIn, amountOut, routing } = spec;
  return { request: present({ tokenIn, tokenOut, amountIn, amountOut, routing }), minInterval: "0.5s" };
}

/**
 * The worst that a market order may give (exact-in) or take (exact-out), against the quote that is on the page; rounded as
 * the engine does, in favour of who asks.
 * @param {string} quoted smallest units
 * @param {string} slippage bps
 * @param {boolean} exactIn
 */
export function bound(quoted, slippage, exactIn) {
  const [amount, slip] = [BigInt(quoted), BigInt(integer(slippage, 0, 10_000))];
  return String(exactIn ? (amount * (10_000n - slip) + 9_999n) / 10_000n : (amount * (10_000n + slip)) / 10_000n);
}

/** @type {Record<string, (form: Form, decimals: number) => object>} */
const CONDITIONS = {
  market: () => ({}),
  limit: limit,
  stop: trigger,
  takeProfit: trigger,
  trailingStop: (form) =>
    present({
      trailBps: form.read("trail", (text) => integer(text, 1, 9_999)),
      activationPrice: form.may("activation", decimal),
    }),
  scheduled: (form) => ({ executeTime: form.read("executeTime", moment) }),
  twap: (form) =>
    present({
      slices: form.read("slices", (text) => integer(text, 2, 1_000)),
      interval: form.read("interval", (text) => `${integer(text, 1, 604_800)}s`),
      startTime: form.may("startTime", moment),
    }),
  sniper: (form, sold) =>
    present({ trigger: form.draft.sniper, minLiquidity: form.may("liquidity", (text) => smallest(text, sold)) }),
  oco: (form) => ({ limit: limit(form), stop: trigger(form) }),
};

/** @param {Form} form */
function limit(form) {
  return { limitPrice: form.read("limitPrice", decimal) };
}

/** @param {Form} form */
function trigger(form) {
  return { triggerPrice: form.read("triggerPrice", decimal) };
}

/** @param {Map<string, Token>} tokens @param {string} symbol */
function decimals(tokens, symbol) {
  return tokens.get(symbol)?.decimals ?? 0;
}

/** @template {Record<string, any>} T @param {T} message @returns {T} without what is not given */
function present(message) {
  const empty = (/** @type {any} */ value) => value === undefined || value === "";
  const none = (/** @type {string} */ key) => key === "routing" && Object.keys(message[key]).length === 0;
  return /** @type {T} */ (Object.fromEntries(Object.entries(message).filter(([key, value]) => !empty(value) && !none(key))));
}
