// @ts-check
import { html, useMemo } from "../html.js";
import { Plot } from "../plots/plot.js";
import { slippageHistogram, timeHistogram } from "./histograms.js";
import { Outcomes } from "./outcomes.js";
import { costByOrder } from "./plots.js";
import { MOST } from "./recent.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("./ended.js").Ended} Ended */

/** The last orders, one by one. @param {{link: Link, orders: Ended[] | null}} props */
export function OrderPlots({ link, orders }) {
  const empty = orders ? "No such order in this time." : "Asking for the last orders…";
  const plot = { test: "quality-plot", empty };
  const [cost, slippage, time] = useMemo(() => [costByOrder, slippageHistogram, timeHistogram].map((of) => of(orders ?? [])), [orders]);
  return html`
    <h2 class="quality-last">The last orders, live <small class="muted">${orders && counted(orders.length)}</small></h2>
    <div class="quality-plots">
      <section class="panel">
        <${Plot} ...${plot} name="cost-by-order" title="Cost of each order, bps" spec=${cost}
          reading="The newest is on the right. Fees are steady; drift and slippage are luck, and large ones point to slow landing." />
      </section>
      <section class="panel">
        <${Plot} ...${plot} name="slippage" title="Slippage" spec=${slippage}
          reading="How many orders got less (right of 0) or more (left) than quoted, because pools moved before they landed." />
      </section>
      <section class="panel">
        <${Plot} ...${plot} name="time" title="Time to confirmation" spec=${time}
          reading="From accepted to confirmed, of market orders. p95: of 100 orders, 95 were not slower." />
      </section>
      <section class="panel"><${Outcomes} link=${link} orders=${orders ?? []} empty=${empty} /></section>
    </div>
  `;
}

/** @param {number} count */
function counted(count) {
  return count < MOST ? `all ${count} of this time` : `the newest ${MOST}`;
}
