// @ts-check
import { amount, price } from "../format.js";
import { html, useState } from "../html.js";
import { ordered, pressed } from "./pools.js";

/** @typedef {import("./pools.js").Pool} Pool */
/** @typedef {import("./pools.js").Order} Order */
/** @typedef {import("./pools.js").Column} Column */
/** @typedef {Map<string, import("../tokens.js").Token> | null} Tokens */

/**
 * The pools of a pair; a press on a column's head orders by it.
 * @param {{pools: Pool[], pair: string, tokens: Tokens, title: (venue: string) => string}} props
 */
export function PoolTable({ pools, pair, tokens, title }) {
  const [order, setOrder] = useState(/** @type {Order} */ ({ column: "reserveA", down: true }));
  const press = (/** @type {Column} */ column) => setOrder(pressed(order, column));
  return html`<table class="table pools">
    <caption class="hidden">Pools of ${pair}</caption>
    <thead><tr>${heads(pair).map((head) => html`<${Head} key=${head.column} ...${head} order=${order} onPress=${press} />`)}</tr></thead>
    <tbody>${ordered(pools, order).map((pool) => html`<${Line} key=${pool.pool} pool=${pool} tokens=${tokens} title=${title} />`)}</tbody>
  </table>`;
}

/** @param {string} pair @returns {{column: Column, name: string, number?: boolean}[]} */
function heads(pair) {
  const [tokenA, tokenB] = pair.split("/");
  return [
    { column: "venue", name: "Venue and pool" },
    { column: "price", name: "Price", number: true },
    { column: "off", name: "Against mid", number: true },
    { column: "fee", name: "Fee, bps", number: true },
    { column: "reserveA", name: `Holds ${tokenA}`, number: true },
    { column: "reserveB", name: `Holds ${tokenB}`, number: true },
    { column: "version", name: "Version", number: true },
    { column: "slot", name: "Slot", number: true },
  ];
}

/** @param {{column: Column, name: string, number?: boolean, order: Order, onPress: (column: Column) => void}} props */
function Head({ column, name, number, order, onPress }) {
  const sorted = order.column === column ? (order.down ? "descending" : "ascending") : undefined;
  const glyph = sorted && (order.down ? "↓" : "↑");
  return html`<th scope="col" class=${number && "number"} aria-sort=${sorted}>
    <button type="button" onClick=${() => onPress(column)}>${name}<span class="sort" aria-hidden="true">${glyph}</span></button>
  </th>`;
}

/** @param {{pool: Pool, tokens: Tokens, title: (venue: string) => string}} props */
function Line({ pool, tokens, title }) {
  const held = (/** @type {string} */ units, /** @type {string} */ symbol) => {
    const decimals = tokens?.get(symbol)?.decimals;
    return decimals === undefined ? "…" : amount(units, decimals, 2);
  };
  return html`<tr data-test="pool-row" data-pool=${pool.pool}>
    <th scope="row"><span>${title(pool.venue)}</span> <code class="muted">${pool.pool}</code></th>
    <td class="number" data-label="Price">${price(pool.price)}</td>
    <td class="number" data-label="Against mid">${pool.offBps === null ? "–" : offText(pool.offBps)}</td>
    <td class="number" data-label="Fee, bps">${pool.feeBps.toFixed(2)}</td>
    <td class="number" data-label="Holds ${pool.tokenA}">${held(pool.reserveA, pool.tokenA)}</td>
    <td class="number" data-label="Holds ${pool.tokenB}">${held(pool.reserveB, pool.tokenB)}</td>
    <td class="number" data-label="Version">${pool.version.toLocaleString("en-US")}</td>
    <td class="number" data-label="Slot">${pool.slot.toLocaleString("en-US")}</td>
  </tr>`;
}

/** @param {number} bps */
function offText(bps) {
  const shown = Math.abs(bps).toFixed(1);
  return `${shown === "0.0" ? "" : bps < 0 ? "−" : "+"}${shown} bps`;
}
