// @ts-check
/** Where the engine's rules belong in the ticket. */

/** @typedef {import("./draft.js").Draft} Draft */

/** @type {Record<string, keyof Draft>} */
const FIELDS = {
  token_in: "sell",
  token_out: "buy",
  amount_in: "amount",
  amount_out: "amount",
  slippage_bps: "slippage",
  min_amount_out: "minimum",
  max_amount_in: "minimum",
  max_price_impact_bps: "impact",
  deadline: "deadline",
  time_in_force: "timeInForce",
  good_till_time: "goodTill",
  client_order_id: "reference",
  max_legs: "maxLegs",
  max_hops: "maxHops",
  include_venues: "venues",
  exclude_venues: "venues",
  limit_price: "limitPrice",
  trigger_price: "triggerPrice",
  trail_bps: "trail",
  activation_price: "activation",
  execute_time: "executeTime",
  slices: "slices",
  interval: "interval",
  start_time: "startTime",
  trigger: "sniper",
  min_liquidity: "liquidity",
};

/**
 * What the engine found wrong: rules by field, and in words what no field is to blame for.
 * @param {import("../link.js").CallError} error
 * @returns {{rules: import("./draft.js").Rules, rest: string[]}}
 */
export function violations(error) {
  const found = error.details.flatMap((detail) => detail.fieldViolations ?? []);
  /** @type {import("./draft.js").Rules} */
  const rules = {};
  const rest = [];
  for (const { field = "", description = "" } of found) {
    const key = FIELDS[field.split(".").at(-1)?.replace(/\[\d+\]$/, "") ?? ""];
    if (key) rules[key] = sentence(description);
    else rest.push(`${field} ${description}`.trim());
  }
  return { rules, rest: found.length ? rest : [sentence(error.message)] };
}

/** @param {string} text */
function sentence(text) {
  return text && text[0].toUpperCase() + text.slice(1);
}
