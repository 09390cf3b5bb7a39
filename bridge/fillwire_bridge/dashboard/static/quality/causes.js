// @ts-check
import { useEffect, useRef, useState } from "../html.js";
import { reasonName } from "../statuses.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("./ended.js").Ended} Ended */
/** @typedef {{name: string, count: number}} Cause */

/** An explanation is long; so many are asked for, of the newest. */
export const MOST = 30;
const AT_ONCE = 4;

/**
 * Why attempts of the last repeated orders came to nothing, most often first; `null` until that is known.
 * @param {Link} link
 * @param {Ended[]} orders newest first
 * @returns {Cause[] | null}
 */
export function useCauses(link, orders) {
  const known = useRef(/** @type {Map<string, string[]>} */ (new Map()));
  const [, setCount] = useState(0);
  const repeated = orders.filter(({ attempts }) => attempts > 1).slice(0, MOST).map(({ orderId }) => orderId);
  useEffect(() => {
    const open = repeated.filter((orderId) => !known.current.has(orderId));
    let stopped = false;
    const next = async () => {
      for (let orderId = open.shift(); orderId && !stopped; orderId = open.shift()) {
        const { attempts = [] } = await link.call("OrderService/ExplainOrder", { orderId });
        known.current.set(orderId, causesOf(attempts));
        setCount((count) => count + 1);
      }
    };
    // What could not be asked now is asked when the next order has ended.
    for (let n = 0; n < AT_ONCE; n += 1) next().catch(() => {});
    return () => void (stopped = true);
  }, [link, repeated.join()]);
  const told = repeated.map((orderId) => known.current.get(orderId));
  return told.every(Boolean) ? counted(told.flatMap((causes) => causes ?? [])) : null;
}

/** @param {any[]} attempts @returns {string[]} */
export function causesOf(attempts) {
  return attempts.flatMap(({ failure }) => (failure ? reasonName(failure.reason) : []));
}

/** @param {string[]} names @returns {Cause[]} */
export function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
