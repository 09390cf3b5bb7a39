// @ts-check
/** @typedef {{venue: string, pool: string, tokenIn: string, tokenOut: string, shareBps?: number, feeBps?: number, amountIn?: string, amountOut?: string}} Leg */

/**
 * What part of the whole flows through each leg, 0 to 1: its share of what is sold of its token, of the part that token has.
 * Legs come in the order of their execution, so each token's part is known before it is sold.
 * @param {Leg[]} legs
 * @param {string} tokenIn
 */
export function parts(legs, tokenIn) {
  const held = new Map([[tokenIn, 1]]);
  return legs.map(({ tokenIn: from, tokenOut: to, shareBps = 0 }) => {
    const part = ((held.get(from) ?? 0) * shareBps) / 10_000;
    held.set(to, (held.get(to) ?? 0) + part);
    return part;
  });
}

/**
 * All fees of a route relative to what goes in, in bps.
 * @param {Leg[]} legs
 * @param {string} tokenIn
 */
export function feeBps(legs, tokenIn) {
  const through = parts(legs, tokenIn);
  return legs.reduce((sum, leg, number) => sum + through[number] * (leg.feeBps ?? 0), 0);
}

/**
 * How many swaps stand between the first token and each other one, at most.
 * @param {Leg[]} legs
 * @param {string} tokenIn
 */
export function depths(legs, tokenIn) {
  const depth = new Map([[tokenIn, 0]]);
  for (const { tokenIn: from, tokenOut: to } of legs) {
    depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(from) ?? 0) + 1));
  }
  return depth;
}
