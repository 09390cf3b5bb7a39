// @ts-check
/** The pools of a pair, told the same way round as the pair. */

/**
 * `price` is tokenB per tokenA in whole tokens, `offBps` how far that is above the mid; `null`: there is no mid.
 * @typedef {{pool: string, venue: string, tokenA: string, tokenB: string, price: number, offBps: number | null,
 *   feeBps: number, reserveA: string, reserveB: string, version: number, slot: number}} Pool
 */
/** @typedef {keyof typeof COLUMNS} Column */
/** @typedef {{column: Column, down: boolean}} Order */

/** What pools can be ordered by: what of a pool, and whether the greatest comes first at the first press. */
export const COLUMNS = {
  venue: { of: (/** @type {Pool} */ pool) => `${pool.venue} ${pool.pool}`, down: false },
  price: { of: (/** @type {Pool} */ pool) => pool.price, down: true },
  off: { of: (/** @type {Pool} */ pool) => pool.offBps ?? 0, down: true },
  fee: { of: (/** @type {Pool} */ pool) => pool.feeBps, down: false },
  reserveA: { of: (/** @type {Pool} */ pool) => BigInt(pool.reserveA), down: true },
  reserveB: { of: (/** @type {Pool} */ pool) => BigInt(pool.reserveB), down: true },
  version: { of: (/** @type {Pool} */ pool) => pool.version, down: true },
  slot: { of: (/** @type {Pool} */ pool) => pool.slot, down: true },
};

/**
 * @param {{pools?: any[]}} answer of ListPools
 * @param {string} pair "SOL/USDC"
 * @param {number | undefined} mid
 * @returns {Pool[]}
 */
export function poolsOf({ pools = [] }, pair, mid) {
  const [tokenA] = pair.split("/");
  return pools.map((pool) => turned(pool, tokenA)).map((pool) => ({ ...pool, offBps: off(pool.price, mid) }));
}

/**
 * @param {Pool[]} pools
 * @param {Order} order
 */
export function ordered(pools, { column, down }) {
  const { of } = COLUMNS[column];
  const sign = down ? -1 : 1;
  return [...pools].sort((a, b) => sign * (of(a) < of(b) ? -1 : Number(of(a) > of(b))) || (a.pool < b.pool ? -1 : 1));
}

/** The order after a press on the head of `column`. @param {Order} order @param {Column} column @returns {Order} */
export function pressed(order, column) {
  return { column, down: order.column === column ? !order.down : COLUMNS[column].down };
}

/**
 * What tells the pools of a pair apart: the venue's title, and a number where it has several.
 * @param {{pool: string, venue: string}[]} pools
 * @param {(venue: string) => string} title
 * @returns {Map<string, {label: string, nth: number}>} by pool
 */
export function labels(pools, title) {
  const found = new Map();
  const seen = new Map();
  const several = new Set(pools.filter((a) => pools.some((b) => a !== b && a.venue === b.venue)).map(({ venue }) => venue));
  for (const { pool, venue } of [...pools].sort((a, b) => (a.pool < b.pool ? -1 : 1))) {
    const nth = seen.get(venue) ?? 0;
    seen.set(venue, nth + 1);
    found.set(pool, { label: several.has(venue) ? `${title(venue)} · ${nth + 1}` : title(venue), nth });
  }
  return found;
}

/** @param {any} pool @param {string} tokenA @returns {Pool} */
function turned(pool, tokenA) {
  const { reserveA = "0", reserveB = "0" } = pool;
  const told = { feeBps: 0, ...pool, version: Number(pool.version ?? 0), slot: Number(pool.slot ?? 0), reserveA, reserveB };
  const price = Number(pool.price);
  if (pool.tokenA === tokenA) return { ...told, price };
  return { ...told, tokenA, tokenB: pool.tokenA, price: 1 / price, reserveA: reserveB, reserveB: reserveA };
}

/** @param {number} price @param {number | undefined} mid */
function off(price, mid) {
  return mid ? ((price - mid) / mid) * 10_000 : null;
}
