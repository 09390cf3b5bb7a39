// @ts-check
/** What the contract's enums are called on the page, and how they look. A status is never told by its colour alone. */

/** @typedef {{name: string, glyph: string, tone: "muted" | "busy" | "good" | "bad" | "warn", means: string}} Face */

/** @type {Record<string, Face>} */
export const STATUSES = {
  ORDER_STATUS_PENDING: { name: "Pending", glyph: "○", tone: "muted", means: "Stored; nothing has been done yet" },
  ORDER_STATUS_RESTING: { name: "Resting", glyph: "◷", tone: "muted", means: "Waits for its price, time or event" },
  ORDER_STATUS_ROUTING: { name: "Routing", glyph: "⋔", tone: "busy", means: "Quotes are collected from every pool" },
  ORDER_STATUS_BUILDING: { name: "Building", glyph: "⚙", tone: "busy", means: "A route is chosen and signed" },
  ORDER_STATUS_SUBMITTED: { name: "Submitted", glyph: "↗", tone: "busy", means: "Sent; the venue is asked what became of it" },
  ORDER_STATUS_RETRYING: { name: "Retrying", glyph: "↻", tone: "warn", means: "Nothing was swapped; another attempt follows" },
  ORDER_STATUS_RECONCILING: { name: "Reconciling", glyph: "?", tone: "warn", means: "Sent, and nobody can say yet what became of it" },
  ORDER_STATUS_CONFIRMED: { name: "Confirmed", glyph: "✓", tone: "good", means: "Swapped, exactly once" },
  ORDER_STATUS_FAILED: { name: "Failed", glyph: "✕", tone: "bad", means: "Nothing was swapped, and nothing ever will be" },
  ORDER_STATUS_CANCELLED: { name: "Cancelled", glyph: "⊘", tone: "muted", means: "Withdrawn by its owner" },
  ORDER_STATUS_EXPIRED: { name: "Expired", glyph: "⌛", tone: "muted", means: "Its time passed before anything was sent" },
};

const FINAL = new Set(["CONFIRMED", "FAILED", "CANCELLED", "EXPIRED"].map((name) => `ORDER_STATUS_${name}`));

const TYPES = {
  market: "Market",
  limit: "Limit",
  stop: "Stop",
  takeProfit: "Take profit",
  trailingStop: "Trailing stop",
  scheduled: "Scheduled",
  twap: "TWAP",
  sniper: "Sniper",
  oco: "OCO",
};

/**
 * How a status is shown. One that this page does not know yet is shown by its name.
 * @param {string | undefined} status "ORDER_STATUS_CONFIRMED"
 * @returns {Face}
 */
export function face(status = "") {
  const name = spoken(status, "ORDER_STATUS_");
  return STATUSES[status] ?? { name, glyph: "·", tone: "muted", means: "" };
}

/** @param {string | undefined} status */
export function isFinal(status) {
  return FINAL.has(status ?? "");
}

/** @param {string | undefined} status @returns {string} "CONFIRMED", for data-status */
export function shortStatus(status = "") {
  return status.replace("ORDER_STATUS_", "");
}

/**
 * The name of an order's type: that of the one of `OrderSpec.type` which is set.
 * @param {any} spec
 * @returns {keyof typeof TYPES}
 */
export function typeOf(spec) {
  const found = Object.keys(TYPES).find((type) => spec && type in spec);
  return /** @type {keyof typeof TYPES} */ (found ?? "market");
}

/** @param {any} spec */
export function typeName(spec) {
  return TYPES[typeOf(spec)];
}

/** @param {string | undefined} reason "FAILURE_REASON_NO_ROUTE" @returns {string} "No route" */
export function reasonName(reason) {
  return spoken(reason ?? "", "FAILURE_REASON_");
}

/** @param {string | undefined} type "ORDER_TYPE_TAKE_PROFIT" @returns {string} "take profit" */
export function conditionName(type) {
  return spoken(type ?? "", "ORDER_TYPE_").toLowerCase();
}

/** @param {string} name @param {string} prefix */
function spoken(name, prefix) {
  const words = name.replace(prefix, "").replaceAll("_", " ").toLowerCase();
  return words && words[0].toUpperCase() + words.slice(1);
}
