// @ts-check
import { amount, bps, price } from "../format.js";
import { html } from "../html.js";
import { feeBps } from "../route/flow.js";
import { useNow } from "../shell/pulse.js";
import { lifeLeft } from "./quoting.js";

/** @typedef {import("./sides.js").Quoted} Quoted */
/** @typedef {Map<string, import("../tokens.js").Token>} Tokens */

/** What the quote says, in six figures; the places are kept where there is none. @param {{quoted: Quoted}} props */
export function QuoteLine({ quoted }) {
  const { quote, fresh, problem } = quoted;
  const now = useNow(fresh, 500);
  if (problem) return html`<p class="notice warn quote-problem" role="status">${problem}</p>`;
  const route = quote?.route;
  return html`<dl class="quote-line ${fresh ? "" : "stale"}">
    <${Figure} name="Price" value=${quote && price(quote.price)} />
    <${Figure} name="Mid" value=${quote && price(quote.midPrice)} />
    <${Figure} name="Holds for" value=${quote && `${(lifeLeft(quoted, now) / 1000).toFixed(0)} s`} />
    <${Figure} name="Impact" value=${route && bps(route.priceImpactBps)} />
    <${Figure} name="Fees" value=${route && bps(feeBps(route.legs ?? [], quote.tokenIn))} />
    <${Figure} name="Pools used" value=${route && `${used(route)} of ${route.candidates?.length ?? 0}`} />
  </dl>`;
}

/** @param {{name: string, value: any}} props */
function Figure({ name, value }) {
  return html`<div><dt>${name}</dt><dd>${value ?? "…"}</dd></div>`;
}

/** @param {any} route */
function used({ candidates = [] }) {
  return candidates.filter((/** @type {any} */ one) => one.used).length;
}

/**
 * What a market order is held to, in words.
 * @param {string} units smallest units
 * @param {import("./draft.js").Draft} draft
 * @param {Tokens} tokens
 */
export function promised(units, draft, tokens) {
  const [word, symbol] = draft.exact === "in" ? ["At least", draft.buy] : ["At most", draft.sell];
  return `${word} ${amount(units, tokens.get(symbol)?.decimals, 6)} ${symbol}, or no swap`;
}
