// @ts-check
/** What became of orders that have ended, one by one. */
import { face, isFinal, reasonName, shortStatus, typeOf } from "../statuses.js";
import { PARTS } from "./figures.js";

/**
 * `at`: when it ended, unix milliseconds. `seconds`: from accepted to confirmed; `null` where it had waited for something,
 * or was not confirmed. `cost`: in bps by part; `null`: not known.
 * @typedef {{orderId: string, at: number, status: string, reason: string, attempts: number, seconds: number | null,
 *   cost: Record<typeof PARTS[number], number> | null}} Ended
 */
/** @typedef {{name: string, count: number, tone: "good" | "warn" | "bad" | "muted", glyph: string}} Outcome */

/** @type {Record<string, {tone: Outcome["tone"], glyph: string, rank: number}>} */
const UNDONE = {
  FAILED: { tone: "bad", glyph: "✕", rank: 10 },
  CANCELLED: { tone: "muted", glyph: "⊘", rank: 20 },
  EXPIRED: { tone: "muted", glyph: "⌛", rank: 21 },
};

/**
 * The orders of a page that have ended. A TWAP order counts as its children, which are orders of their own.
 * @param {any[]} orders
 * @returns {Ended[]}
 */
export function endedOf(orders) {
  return orders.filter((order) => isFinal(order.status) && typeOf(order.spec) !== "twap").map(ended);
}

/**
 * Orders with newer word of them put in, newest first, at most `most`.
 * @param {Ended[]} known
 * @param {Ended[]} news
 * @param {number} most
 */
export function merged(known, news, most) {
  const byId = new Map([...known, ...news].map((one) => [one.orderId, one]));
  return [...byId.values()].sort((a, b) => b.at - a.at || (a.orderId < b.orderId ? 1 : -1)).slice(0, most);
}

/**
 * How many ended how, the good ones first.
 * @param {Ended[]} orders
 * @returns {Outcome[]}
 */
export function outcomes(orders) {
  const counts = new Map();
  for (const order of orders) {
    const { name, tone, glyph, rank } = outcome(order);
    const found = counts.get(name) ?? { name, tone, glyph, rank, count: 0 };
    counts.set(name, { ...found, count: found.count + 1 });
  }
  const found = [...counts.values()].sort((a, b) => a.rank - b.rank || b.count - a.count);
  return found.map(({ rank, ...told }) => told);
}

/** Of the orders that were tried, the share that was confirmed; absent: none was. @param {Ended[]} orders */
export function successRate(orders) {
  const [confirmed, failed] = ["CONFIRMED", "FAILED"].map((status) => orders.filter((one) => one.status === status).length);
  return confirmed + failed ? confirmed / (confirmed + failed) : undefined;
}

/** @param {any} order @returns {Ended} */
function ended({ orderId, status, spec, attempt = 0, createTime, updateTime, receipt, failure }) {
  const at = Date.parse(updateTime);
  const timed = shortStatus(status) === "CONFIRMED" && typeOf(spec) === "market";
  return {
    orderId,
    at,
    status: shortStatus(status),
    reason: failure ? reasonName(failure.reason) : "",
    attempts: attempt,
    seconds: timed ? (at - Date.parse(createTime)) / 1000 : null,
    cost: receipt?.cost ? costOf(receipt.cost) : null,
  };
}

/** @param {any} cost @returns {Record<typeof PARTS[number], number>} */
function costOf(cost) {
  return /** @type {any} */ (Object.fromEntries(PARTS.map((part) => [part, cost[`${part}Bps`] ?? 0])));
}

/** @param {Ended} order */
function outcome({ status, reason, attempts }) {
  const retries = attempts - 1;
  if (status !== "CONFIRMED") return { name: `${face(`ORDER_STATUS_${status}`).name}: ${reason.toLowerCase()}`, ...UNDONE[status] };
  if (retries < 1) return { name: "Confirmed at the first attempt", tone: "good", glyph: "✓", rank: 0 };
  return { name: `Confirmed after ${retries === 1 ? "1 retry" : `${retries} retries`}`, tone: "warn", glyph: "↻", rank: retries };
}
