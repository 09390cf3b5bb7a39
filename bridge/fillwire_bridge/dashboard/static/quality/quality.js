// @ts-check
import { useAsked } from "../asked.js";
import { html, useMemo } from "../html.js";
import { Missing } from "../missing.js";
import { successRate } from "./ended.js";
import { pairName, pairs } from "./figures.js";
import { times } from "./histograms.js";
import { OrderPlots } from "./order_plots.js";
import { Pickers, picked } from "./pickers.js";
import { useRecent } from "./recent.js";
import { ReportPlots } from "./report_plots.js";
import { Totals } from "./tables.js";
import { Tiles } from "./tiles.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("./tables.js").Tokens} Tokens */
/** @typedef {import("./figures.js").Report} Report */
/** @typedef {import("./figures.js").Pair} Pair */
/** @typedef {import("./ended.js").Ended} Ended */

/** What executions cost, how long they took, and how they ended. @param {{link: Link, tokens: Tokens, params: Record<string, string>}} props */
export function Quality({ link, tokens, params }) {
  const { days, pair, since } = picked(params);
  const [tokenIn, tokenOut] = pair ? pair.split("/") : [];
  const report = useAsked(link, "OrderService/ReportExecution", { confirmTimeFrom: since });
  const recent = useRecent(link, { since, tokenIn, tokenOut }, report.ask);
  const everything = useMemo(() => pairs(report.answer ?? {}), [report.answer]);
  const shown = useMemo(() => report.answer && only(report.answer, pair), [report.answer, pair]);
  return html`<div class="quality">
    <header class="quality-head">
      <h1>Execution quality</h1>
      <${Pickers} days=${days} pair=${pair} pairs=${everything} />
    </header>
    <${Missing} failure=${report.failure ?? recent.failure} />
    <${Figures} link=${link} tokens=${tokens} report=${shown} orders=${recent.orders} pair=${pair} />
  </div>`;
}

/** @param {{link: Link, tokens: Tokens, report: Report | null, orders: Ended[] | null, pair: string}} props `null`: not known yet */
function Figures({ link, tokens, report, orders, pair }) {
  const found = useMemo(() => pairs(report ?? {}), [report]);
  if (report && !found.length && orders?.length === 0) return html`<${Nothing} />`;
  return html`
    <${Tiles} pairs=${found} loading=${!report} success=${orders && successRate(orders)} times=${times(orders ?? [])} />
    <${Pairs} pairs=${found} tokens=${tokens} loading=${!report} />
    <${ReportPlots} report=${report} pair=${pair ? found[0] : undefined} tokens=${tokens} />
    <${OrderPlots} link=${link} orders=${orders} />
    <${Meaning} />
  `;
}

/** @param {{pairs: Pair[], tokens: Tokens, loading: boolean}} props */
function Pairs({ pairs, tokens, loading }) {
  const wholes = pairs.filter(({ whole }) => whole);
  return html`<section class="panel" aria-labelledby="totals">
    <header><h2 id="totals">Pairs</h2><span class="muted push">costs in bps, means weighted by what was given</span></header>
    ${wholes.length
      ? html`<${Totals} pairs=${wholes} tokens=${tokens} />`
      : html`<div class="empty">${loading ? "Asking for the report…" : "No order was confirmed in this time."}</div>`}
  </section>`;
}

function Nothing() {
  return html`<section class="panel"><div class="empty">
    <p>No order has ended in this time.</p>
    <p>Choose a longer one, or <a href="#/">place an order</a>.</p>
  </div></section>`;
}

function Meaning() {
  return html`<p class="muted meaning">
    <strong>Cost</strong> is what was missing of the worth of the whole amount at the mid price when the order arrived, in basis points:
    <strong> drift</strong> until it was quoted, venues' <strong>fees</strong>, the price <strong>impact</strong> of the amount itself,
    and <strong>slippage</strong> between the quote and the landing; they add up to the total. Negative is a gain.
    <strong> Saved</strong> is how much better the route's quote was than the best one of a venue it did not use.
    A TWAP order counts as its child orders. Days are in UTC.
  </p>`;
}

/** @param {Report} report @param {string} pair @returns {Report} */
function only({ rows = [], totals = [] }, pair) {
  const of = (/** @type {import("./figures.js").Row} */ row) => !pair || pairName(row) === pair;
  return { rows: rows.filter(of), totals: totals.filter(of) };
}
