// @ts-check
import { ORDER_TYPES } from "./order_types.js";

/** What stands in the ticket, as text. An empty one is not given. */
export const DRAFT = {
  sell: "SOL",
  buy: "USDC",
  /** Which side the amount is of: "in", what is sold, or "out", what is bought. */
  exact: "in",
  amount: "1.5",
  type: "market",
  slippage: "50",
  minimum: "",
  impact: "",
  deadline: "",
  timeInForce: "",
  goodTill: "",
  reference: "",
  maxLegs: "",
  maxHops: "",
  /** Which venues a route may use: "" all, "include" those of `venues` alone, "exclude" all but those. */
  venueRule: "",
  /** Names, with a blank between two. */
  venues: "",
  limitPrice: "",
  triggerPrice: "",
  trail: "100",
  activation: "",
  executeTime: "",
  slices: "5",
  interval: "10",
  startTime: "",
  sniper: "",
  liquidity: "",
};

/** @typedef {typeof DRAFT} Draft */
/** @typedef {Partial<Record<keyof Draft, string>>} Rules what is wrong, by field, in words */

/**
 * The draft after a change. Prices belong to a pair and a type: another one begins with prices of its own.
 * @param {Draft} draft
 * @param {Partial<Draft>} change
 * @param {number} [now] unix milliseconds
 * @returns {Draft}
 */
export function changed(draft, change, now = Date.now()) {
  const other = ["sell", "buy", "type"].some((key) => key in change);
  const prices = other ? { limitPrice: "", triggerPrice: "", activation: "" } : {};
  const times = change.type ? { timeInForce: "", executeTime: localTime(now + 60_000) } : {};
  return { ...draft, ...prices, ...times, ...change };
}

/** As a datetime-local field wants it. @param {number} millis */
export function localTime(millis) {
  const minutes = new Date(millis).getTimezoneOffset();
  return new Date(millis - minutes * 60_000).toISOString().slice(0, 19);
}

/**
 * The prices that a type of order begins with, for those fields that are still empty.
 * @param {Draft} draft
 * @param {string} mid
 * @returns {Partial<Draft>}
 */
export function firstPrices(draft, mid) {
  const wanted = ORDER_TYPES[draft.type].conditions.filter(({ key, from }) => from && !draft[/** @type {keyof Draft} */ (key)]);
  return Object.fromEntries(wanted.map(({ key, from = 1 }) => [key, nearPrice(mid, from)]));
}

/** A price to begin with, at a part of the mid price: five digits are enough. @param {string} mid @param {number} part */
export function nearPrice(mid, part) {
  const price = Number(mid) * part;
  const places = Math.min(12, Math.max(0, 4 - Math.floor(Math.log10(price))));
  return price.toFixed(places).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
