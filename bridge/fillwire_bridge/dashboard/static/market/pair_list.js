// @ts-check
import { price } from "../format.js";
import { html } from "../html.js";
import { Sparkline } from "../plots/sparkline.js";
import { change } from "./course.js";

/** @typedef {ReturnType<typeof import("./prices.js").usePrices>} Prices */

/** All pairs; the picked one is shown beside. @param {{prices: Prices, picked: string}} props */
export function PairList({ prices, picked }) {
  const pairs = [...prices.mids.keys()].sort();
  return html`<ul class="pairs" onKeyDown=${walk}>
    ${pairs.map((pair) => html`<${Row} key=${pair} pair=${pair} prices=${prices} picked=${pair === picked} />`)}
  </ul>`;
}

/** @param {{pair: string, prices: Prices, picked: boolean}} props */
function Row({ pair, prices, picked }) {
  const course = prices.courses.get(pair);
  return html`<li>
    <a class="pair" href=${pairPath(pair)} aria-current=${picked ? "true" : undefined} data-test="price-row" data-pair=${pair}>
      <span class="pair-name">${pair}</span>
      ${course && html`<${Sparkline} times=${course.times} values=${course.values} until=${Date.now() / 1000} />`}
      <span class="number">${price(prices.mids.get(pair))}</span>
      <${Change} percent=${course && change(course)} />
    </a>
  </li>`;
}

/** @param {{percent: number | undefined}} props */
export function Change({ percent }) {
  if (percent === undefined) return html`<span class="number change muted">–</span>`;
  const shown = Math.abs(percent).toFixed(2);
  const [glyph, tone, word] = shown === "0.00" ? ["", "muted", ""] : percent > 0 ? ["▲", "good", "up "] : ["▼", "bad", "down "];
  return html`<span class="number change ${tone}"><span aria-hidden="true">${glyph}</span> <span class="hidden">${word}</span>${shown}%</span>`;
}

/** @param {string} pair */
export function pairPath(pair) {
  return `#/market?pair=${pair}`;
}

/** Up and down go from one pair to the next. @param {KeyboardEvent} event */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const rows = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("a")];
  const next = rows[rows.findIndex((row) => row === document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
