// @ts-check
import { amount, bps, brief, clock, price, venueName } from "../format.js";
import { conditionName, face, reasonName, typeName, typeOf } from "../statuses.js";

/** @typedef {Map<string, import("../tokens.js").Token> | null} Tokens */

/**
 * What an event says, in a sentence.
 * @param {any} event
 * @param {any} spec of its order, as far as it is known
 * @param {Tokens} tokens
 * @returns {string}
 */
export function described(event, spec, tokens) {
  const kind = Object.keys(SENTENCES).find((name) => event[name]);
  if (!kind) return face(event.status).means;
  return SENTENCES[kind](event[kind], { event, spec: spec ?? {}, tokens, shown: (units, symbol) => shown(units, symbol, tokens) });
}

/** @typedef {{event: any, spec: any, tokens: Tokens, shown: (units: string, symbol: string) => string}} About */

/** @type {Record<string, (detail: any, about: About) => string>} */
const SENTENCES = {
  resting: resting,
  replaced: ({ spec }, { tokens }) => `Its terms were replaced: ${lower(asked(spec, tokens))}. ${waits(spec)}`,
  fired: ({ condition, price: met, pool, bestPrice }) => {
    const at = met ? ` at ${price(met)}` : "";
    const from = bestPrice ? `, from a best of ${price(bestPrice)}` : "";
    return `Its ${conditionName(condition)} condition was met${at}${from}${pool ? ` by pool ${brief(pool)}` : ""}`;
  },
  progress: ({ slicesBegun = 0, slicesFilled = 0, filledAmountIn, filledAmountOut }, { event, shown }) => {
    const sums = filledAmountIn ? `: ${shown(filledAmountIn, event.tokenIn)} for ${shown(filledAmountOut, event.tokenOut)} so far` : "";
    return `${slicesFilled} of ${slicesBegun} slices swapped${sums}`;
  },
  building: ({ route, floorAmountOut, ceilingAmountIn }, { event, shown }) => {
    const bound = floorAmountOut ? `floor ${shown(floorAmountOut, event.tokenOut)}` : `ceiling ${shown(ceilingAmountIn, event.tokenIn)}`;
    return `Route over ${pools(route)}: ${shown(route.amountIn, event.tokenIn)} for ${shown(route.amountOut, event.tokenOut)}, ${bound}`;
  },
  submitted: ({ signature, lastValidSlot, route }) =>
    `Signed as ${brief(signature)} and sent; lands by slot ${lastValidSlot ?? "?"} or never${route ? "; taken over by another worker" : ""}`,
  retrying: ({ retry, maxRetries, cause }) => `${failed(cause)}. Retry ${retry} of ${maxRetries}`,
  reconciling: ({ signature, message }) => `${message || "Nobody can say yet what became of it"} (${brief(signature ?? "")})`,
  receipt: (receipt, { event, shown }) => {
    const against = receipt.slippageBps ? `, ${bps(receipt.slippageBps, { signed: true })} against the quote` : ", as quoted";
    return `${shown(receipt.amountIn, event.tokenIn)} for ${shown(receipt.amountOut, event.tokenOut)} at ${price(receipt.price)}${against}`;
  },
  failure: (failure) => failed(failure),
};

/** @param {any} resting @param {About} about */
function resting({ triggerPrice, triggerTime, cause }, { spec }) {
  const told = triggerTime ? `until ${clock(triggerTime, { millis: false })}` : triggerPrice ? `for a price of ${price(triggerPrice)}` : "";
  const what = waits(spec, told, triggerPrice);
  return cause ? `${what} again. ${failed(cause)}` : what;
}

/** What an order waits for; `told`, where its terms do not say it. @param {any} spec @param {string} [told] @param {string} [triggerPrice] */
function waits(spec, told = "", triggerPrice = "") {
  const type = typeOf(spec);
  return `Waits ${WAITS[type]?.(spec[type], triggerPrice) ?? told}`.trimEnd();
}

/** What the types wait for. @type {Partial<Record<string, (terms: any, triggerPrice: string) => string>>} */
const WAITS = {
  limit: ({ limitPrice }) => `for an average price of ${price(limitPrice)} or better`,
  stop: ({ triggerPrice }) => `for the mid price to fall to ${price(triggerPrice)}`,
  takeProfit: ({ triggerPrice }) => `for the mid price to rise to ${price(triggerPrice)}`,
  trailingStop: ({ trailBps }, trigger) => `for a fall of ${bps(trailBps)} from the best price${trigger ? `, now at ${price(trigger)}` : ""}`,
  oco: ({ limit, stop }) => `for ${price(limit.limitPrice)} or better, or for a fall to ${price(stop.triggerPrice)}`,
  scheduled: ({ executeTime }) => `until ${clock(executeTime, { millis: false })}`,
  sniper: ({ trigger }) => (trigger === "TRIGGER_LIQUIDITY_MIGRATED" ? "for liquidity that moves venues" : "for a new pool"),
  twap: ({ slices, interval }) => `between ${slices} slices, one each ${interval.replace("s", " s")}`,
};

/** The engine's own words, where it has some: they name what the reason does not. @param {any} failure */
export function failed({ reason, message }) {
  const name = reasonName(reason);
  return message ? `${name}: ${message}` : name;
}

/** @param {any} route */
function pools({ legs = [] }) {
  return legs.length === 1 ? venueName(legs[0].venue) : `${legs.length} pools`;
}

/**
 * An amount with its token; of a token that is no longer listed, in smallest units.
 * @param {string | undefined} units @param {string} symbol @param {Tokens} tokens @param {number} [places] after the point
 */
export function shown(units, symbol, tokens, places = 6) {
  const token = tokens?.get(symbol);
  return token ? `${amount(units, token.decimals, places)} ${symbol}` : `${amount(units, 0)} smallest units of ${symbol}`;
}

/**
 * What an order is to do: "Sell 1.5 SOL for USDC".
 * @param {any} spec @param {Tokens} tokens
 */
export function asked(spec, tokens) {
  if (spec.amountIn) return `Sell ${shown(spec.amountIn, spec.tokenIn, tokens)} for ${spec.tokenOut}`;
  return `Buy ${shown(spec.amountOut, spec.tokenOut, tokens)} with ${spec.tokenIn}`;
}

/** The same with its type: "Limit: Sell 1.5 SOL for USDC". @param {any} spec @param {Tokens} tokens */
export function titled(spec, tokens) {
  return `${typeName(spec)}: ${asked(spec, tokens)}`;
}

/** @param {string} text */
function lower(text) {
  return text[0].toLowerCase() + text.slice(1);
}
