// @ts-check
import { amount, bps, brief, venueName } from "../format.js";
import { html } from "../html.js";

/** @typedef {Map<string, import("../tokens.js").Token> | null} Tokens */

const REASONS = {
  outpriced: "Its price is worse",
  dust: "Would add next to nothing",
  max_legs: "Would be one leg too many",
  leg_cost: "Adds less than a leg costs",
  insufficient_liquidity: "Holds too little",
  excluded: "Excluded by your settings",
};

/**
 * Every pool that was asked, and why it is not used. Direct pools first, the best ones on top.
 * @param {{route: any, tokenIn: string, tokenOut: string, tokens: Tokens}} props
 */
export function Candidates({ route, tokenIn, tokenOut, tokens }) {
  const all = /** @type {any[]} */ (route.candidates ?? []);
  if (!all.length) return null;
  const used = all.filter((one) => one.used).length;
  const sorted = all.toSorted((a, b) => rank(a, tokenIn, tokenOut) - rank(b, tokenIn, tokenOut) || (a.behindBps ?? 0) - (b.behindBps ?? 0));
  const exactOut = Boolean(route.lowerBound);
  return html`<details class="candidates">
    <summary>${used} of ${all.length} pools used: why not the others</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Pools that were asked"><table class="table">
      <thead><tr><th>Pool</th><th class="number">${exactOut ? "Takes" : "Gives"} alone</th><th class="number">Behind</th><th>Why</th></tr></thead>
      <tbody>${sorted.map((one) => html`<${Pool} key=${one.pool + one.tokenIn} ...${one} tokens=${tokens} exactOut=${exactOut} />`)}</tbody>
    </table></div>
  </details>`;
}

/** @param {any} props */
function Pool({ venue, pool, tokenIn, tokenOut, amountIn, amountOut, used, reason, behindBps, haircutBps, tokens, exactOut }) {
  const [units, token] = exactOut ? [amountIn, tokenIn] : [amountOut, tokenOut];
  return html`<tr>
    <td title=${pool}>${venueName(venue)}<small>${tokenIn}→${tokenOut} · ${brief(pool)}</small></td>
    <td class="number">${units ? amount(units, tokens?.get(token)?.decimals, 6) : "–"}</td>
    <td class="number">${units ? bps(behindBps) : "–"}</td>
    <td>${used ? html`<span class="good"><span aria-hidden="true">✓ </span>Used</span>` : why(reason)}
      ${haircutBps ? html`<small>distrusted by ${bps(haircutBps)}</small>` : null}</td>
  </tr>`;
}

/** @param {string} reason */
function why(reason = "") {
  return REASONS[/** @type {keyof typeof REASONS} */ (reason)] ?? reason.replaceAll("_", " ");
}

/** @param {any} one @param {string} tokenIn @param {string} tokenOut */
function rank(one, tokenIn, tokenOut) {
  if (one.used) return 0;
  return one.tokenIn === tokenIn && one.tokenOut === tokenOut ? 1 : 2;
}
