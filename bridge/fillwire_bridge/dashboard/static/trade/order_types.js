// @ts-check
/** The types of order as the ticket offers them, and what each one asks for. The names are those of `OrderSpec.type`. */

/** @typedef {"price" | "bps" | "count" | "seconds" | "time" | "amountIn" | "sniper"} Kind */
/** @typedef {{key: string, label: string, kind: Kind, optional?: boolean, hint?: string, from?: number}} Condition */
/** @typedef {{name: string, says: string, waits: boolean, conditions: Condition[]}} OrderType */

/** @type {(label: string, from: number, key?: string) => Condition} */
const at = (label, from, key = "triggerPrice") => ({ key, label, kind: "price", from });

/** `from` is where a price begins, as a part of the mid price. @type {Record<string, OrderType>} */
export const ORDER_TYPES = {
  market: { name: "Market", says: "Swaps at once, by the best route over all pools.", waits: false, conditions: [] },
  limit: {
    name: "Limit",
    says: "Waits until the whole amount can be swapped at this price or better, fees included.",
    waits: true,
    conditions: [at("Limit price", 1.005, "limitPrice")],
  },
  stop: {
    name: "Stop",
    says: "Waits until the mid price falls to the trigger, then swaps.",
    waits: true,
    conditions: [at("Trigger price", 0.98)],
  },
  takeProfit: {
    name: "Take profit",
    says: "Waits until the mid price rises to the trigger, then swaps.",
    waits: true,
    conditions: [at("Trigger price", 1.02)],
  },
  trailingStop: {
    name: "Trailing stop",
    says: "Follows the mid price up, and swaps when it has fallen from its best by the trail.",
    waits: true,
    conditions: [
      { key: "trail", label: "Trail, bps", kind: "bps" },
      { key: "activation", label: "Armed at price", kind: "price", optional: true, hint: "Empty: at once" },
    ],
  },
  scheduled: {
    name: "Scheduled",
    says: "Swaps at a time.",
    waits: true,
    conditions: [{ key: "executeTime", label: "When", kind: "time" }],
  },
  twap: {
    name: "TWAP",
    says: "Cuts the amount into slices and swaps them one after the other.",
    waits: true,
    conditions: [
      { key: "slices", label: "Slices", kind: "count" },
      { key: "interval", label: "Seconds between", kind: "seconds" },
      { key: "startTime", label: "First one", kind: "time", optional: true, hint: "Empty: at once" },
    ],
  },
  sniper: {
    name: "Sniper",
    says: "Waits for a new pool of the pair, then swaps by the best route.",
    waits: true,
    conditions: [
      { key: "sniper", label: "Waits for", kind: "sniper" },
      { key: "liquidity", label: "Least liquidity", kind: "amountIn", optional: true, hint: "In what you sell. Empty: any" },
    ],
  },
  oco: {
    name: "OCO",
    says: "A limit above and a stop below: the first to fire ends the other.",
    waits: true,
    conditions: [at("Limit price", 1.02, "limitPrice"), at("Stop trigger", 0.98)],
  },
};

export const SNIPER_TRIGGERS = {
  "": "Either of these",
  TRIGGER_POOL_CREATED: "A new pool",
  TRIGGER_LIQUIDITY_MIGRATED: "Liquidity that moves venues",
};

/**
 * How long an order of a type may stay in the market; the first one is the type's own. `rests`: it is to go on resting.
 * @param {string} type @param {boolean} [rests]
 */
export function timesInForce(type, rests = false) {
  const resting = { "": "Until it is cancelled", TIME_IN_FORCE_GTD: "Until a time" };
  if (type === "market") return { "": "Now, or it fails" };
  return type === "limit" && !rests ? { ...resting, TIME_IN_FORCE_IOC: "Now, or it fails" } : resting;
}
