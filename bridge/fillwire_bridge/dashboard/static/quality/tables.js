// @ts-check
import { html } from "../html.js";
import { PARTS, pairName } from "./figures.js";
import { bps, quantity, share, time } from "./texts.js";

/** @typedef {import("./figures.js").Pair} Pair */
/** @typedef {import("./figures.js").Sums} Sums */
/** @typedef {Map<string, import("../tokens.js").Token> | null} Tokens */
/** @typedef {{label: string, text: any}} Cell */

const COSTS = /** @type {const} */ (["total", ...PARTS, "saved"]);

/** All pairs that whole orders traded, a line each. @param {{pairs: Pair[], tokens: Tokens}} props */
export function Totals({ pairs, tokens }) {
  const lines = pairs.flatMap((pair) => (pair.whole ? { pair, cells: totalCells(pair, pair.whole, tokens) } : []));
  return html`<table class="table figures" data-test="quality-totals">
    <caption class="hidden">What orders cost, by pair</caption>
    <thead><tr><th scope="col">Pair</th>${lines[0].cells.map(({ label }) => html`<th class="number" scope="col">${label}</th>`)}</tr></thead>
    <tbody>${lines.map(({ pair, cells }) => html`<${Line} key=${pairName(pair)} name=${titleOf(pair)} cells=${cells} />`)}</tbody>
  </table>`;
}

/**
 * The venues of a pair, the largest first.
 * @param {{pair: Pair, tokens: Tokens, title: (venue: string) => string}} props
 */
export function VenueTable({ pair, tokens, title }) {
  const everything = pair.venues.reduce((sum, [, { amountIn }]) => sum + amountIn, 0n);
  const lines = pair.venues.map(([venue, sums]) => ({ venue, cells: venueCells(pair, sums, everything, tokens) }));
  return html`<table class="table figures" data-test="quality-venues">
    <caption class="hidden">Venues of ${titleOf(pair)}</caption>
    <thead><tr><th scope="col">Venue</th>${lines[0].cells.map(({ label }) => html`<th class="number" scope="col">${label}</th>`)}</tr></thead>
    <tbody>${lines.map(({ venue, cells }) => html`<${Line} key=${venue} name=${title(venue)} cells=${cells} />`)}</tbody>
  </table>`;
}

/** @param {{tokenIn: string, tokenOut: string}} pair */
export function titleOf({ tokenIn, tokenOut }) {
  return `${tokenIn} → ${tokenOut}`;
}

/** @param {{name: string, cells: Cell[]}} props */
function Line({ name, cells }) {
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells.map(({ label, text }) => html`<td class="number" data-label=${label}>${text}</td>`)}
  </tr>`;
}

/** @param {Pair} pair @param {Sums} sums @param {Tokens} tokens @returns {Cell[]} */
function totalCells(pair, sums, tokens) {
  const costs = COSTS.map((name) => ({ label: capitalized(name), text: sums.cost ? bps(sums.cost[name]) : "–" }));
  return [...amountCells(pair, sums, tokens), ...costs, { label: "Time", text: sums.seconds === null ? "–" : time(sums.seconds).join(" ") }];
}

/** @param {Pair} pair @param {Sums} sums @param {bigint} everything @param {Tokens} tokens @returns {Cell[]} */
function venueCells(pair, sums, everything, tokens) {
  return [
    ...amountCells(pair, sums, tokens),
    { label: "Share", text: share(sums.amountIn, everything) },
    { label: "Fee, bps", text: sums.cost ? bps(sums.cost.fee) : "–" },
    { label: "Slippage, bps", text: sums.cost ? bps(sums.cost.slippage) : "–" },
  ];
}

/** @param {Pair} pair @param {Sums} sums @param {Tokens} tokens @returns {Cell[]} */
function amountCells({ tokenIn, tokenOut }, { orders, amountIn, amountOut }, tokens) {
  const told = (/** @type {bigint} */ raw, /** @type {string} */ symbol) =>
    html`${quantity(raw, tokens?.get(symbol)?.decimals)} <small class="muted">${symbol}</small>`;
  return [
    { label: "Orders", text: orders.toLocaleString("en-US") },
    { label: "Given", text: told(amountIn, tokenIn) },
    { label: "Got", text: told(amountOut, tokenOut) },
  ];
}

/** @param {string} word */
function capitalized(word) {
  return word[0].toUpperCase() + word.slice(1);
}
