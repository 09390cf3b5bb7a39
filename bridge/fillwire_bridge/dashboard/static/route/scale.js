// @ts-check
/** @typedef {{exactIn: boolean, route: string, bound: string, single: string}} Figures smallest units; `single` may be empty */

/**
 * The figures a proof is about; `null` where the route has none. Exact-in, more is better and the bound is the most that is
 * possible; exact-out, less is better and it is the least.
 * @param {any} route
 * @returns {Figures | null}
 */
export function figures(route) {
  if (route.upperBound) {
    return { exactIn: true, route: route.amountOut, bound: route.upperBound, single: route.bestSingleAmountOut ?? "" };
  }
  if (route.lowerBound) {
    return { exactIn: false, route: route.amountIn, bound: route.lowerBound, single: route.bestSingleAmountIn ?? "" };
  }
  return null;
}

/**
 * How far an amount is from the bound, in bps of the bound; 0 is the bound, and more is worse.
 * @param {string} units @param {Figures} figures
 */
export function behind(units, { bound, exactIn }) {
  const difference = exactIn ? BigInt(bound) - BigInt(units) : BigInt(units) - BigInt(bound);
  return Number((difference * 10n ** 12n) / BigInt(bound)) / 10 ** 8;
}

/**
 * Where the marks stand on the scale, 0 (the worst that is shown) to 1 (the bound). Without a single pool, and where all three
 * are close, the scale is still a hundredth of a bp wide.
 * @param {Figures} figures
 */
export function marks(figures) {
  const route = behind(figures.route, figures);
  const single = figures.single ? behind(figures.single, figures) : null;
  const worst = Math.max(0.01, route, single ?? 0) * 1.05;
  const at = (/** @type {number} */ bps) => 1 - Math.min(1, Math.max(0, bps / worst));
  return { route: at(route), single: single === null ? null : at(single), routeBps: route, singleBps: single };
}
