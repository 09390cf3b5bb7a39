// @ts-check
import { price, venueName } from "../format.js";
import { html } from "../html.js";
import { Missing } from "../missing.js";
import { Plot } from "../plots/plot.js";
import { change } from "./course.js";
import { Change, PairList } from "./pair_list.js";
import { plotsOf } from "./plots.js";
import { usePools } from "./pool_courses.js";
import { PoolTable } from "./pool_table.js";
import { poolsOf } from "./pools.js";
import { usePrices } from "./prices.js";
import { Venues, useVenues } from "./venues.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("./pool_table.js").Tokens} Tokens */
/** @typedef {ReturnType<typeof usePrices>} Prices */
/** @typedef {(venue: string) => string} Title */

const USUAL = "SOL/USDC";

/** Prices, pools and venues, as they are and as they have been since the page was opened. @param {{link: Link, tokens: Tokens, params: Record<string, string>}} props */
export function Market({ link, tokens, params }) {
  const prices = usePrices(link);
  const venues = useVenues(link);
  const known = /** @type {import("./venues.js").Venue[]} */ (venues.answer?.venues ?? []);
  const title = (/** @type {string} */ name) => known.find((venue) => venue.name === name)?.title ?? venueName(name);
  const pair = picked(prices, params.pair);
  return html`<div class="market">
    <h1 class="hidden">Market</h1>
    <section class="panel market-pairs" aria-labelledby="pairs">
      <header><h2 id="pairs">Prices</h2><span class="muted push">since this page was opened</span></header>
      <${Pairs} prices=${prices} picked=${pair} />
    </section>
    <${Pair} key=${pair} link=${link} tokens=${tokens} pair=${pair} prices=${prices} title=${title} />
    <section class="market-venues" aria-labelledby="venues">
      <h2 id="venues">Venues</h2>
      <p class="muted">What the engine's own orders met there; the past counts half as much every 15 minutes.</p>
      <${Missing} failure=${venues.failure} />
      ${venues.answer ? html`<${Venues} venues=${known} />` : !venues.failure && html`<div class="empty">Asking for the venues…</div>`}
    </section>
  </div>`;
}

/** @param {{prices: Prices, picked: string}} props */
function Pairs({ prices, picked }) {
  const { failure } = prices;
  if (failure)
    return html`<div class="empty">
      <p>No prices come any more: ${failure.message || failure.code}</p>
      <button class="button small" onClick=${() => prices.follow()}>Try again</button>
    </div>`;
  if (!prices.mids.size) return html`<div class="empty">Waiting for the first prices…</div>`;
  return html`<${PairList} prices=${prices} picked=${picked} />`;
}

/** @param {{link: Link, tokens: Tokens, pair: string, prices: Prices, title: Title}} props */
function Pair({ link, tokens, pair, prices, title }) {
  const { answer, failure, courses } = usePools(link, pair);
  const mid = prices.courses.get(pair);
  const pools = poolsOf(answer ?? {}, pair, mid?.last ?? undefined);
  const drawn = pools.map(({ pool, venue }) => ({ pool, venue, course: courses.get(pool) }));
  const plots = plotsOf({ pair, mid, pools: drawn, title, now: Date.now() / 1000 });
  return html`
    <section class="panel market-pair" aria-labelledby="pair">
      <header class="pair-head">
        <h2 id="pair">${pair}</h2>
        <strong class="pair-mid">${price(prices.mids.get(pair))}</strong>
        <${Change} percent=${mid && change(mid)} />
      </header>
      <${Plot} test="price-plot" name="prices" title="Price in each pool" spec=${plots.prices} height=${300} empty=${prices.mids.size ? "No price of this pair has come." : "Waiting for prices…"}
        reading="Each step is a change. Where a pool leaves the mid further than its fee, somebody will trade it back." />
      <${Plot} test="spread-plot" name="spread" title="Spread between pools" spec=${plots.spread} height=${120}
        empty=${answer ? "A spread takes two pools." : "Waiting for pools…"}
        reading="The highest price less the lowest, in basis points of the mid: what venues disagree by, before fees." />
    </section>
    <section class="panel market-pools" aria-labelledby="pools">
      <header><h2 id="pools">Pools of ${pair}</h2><span class="muted push">${answer && counted(pools.length)}</span></header>
      <${Missing} failure=${failure} />
      ${pools.length
        ? html`<${PoolTable} pools=${pools} pair=${pair} tokens=${tokens} title=${title} />`
        : html`<div class="empty">${answer ? "No pool trades this pair." : failure ? "No answer yet." : "Asking for the pools…"}</div>`}
    </section>
  `;
}

/** @param {Prices} prices @param {string | undefined} wanted */
function picked({ mids }, wanted) {
  if (wanted || !mids.size || mids.has(USUAL)) return wanted || USUAL;
  return [...mids.keys()].sort()[0];
}

/** @param {number} count */
function counted(count) {
  return count === 1 ? "1 pool" : `${count} pools`;
}
