// @ts-check
import { venueName } from "../format.js";
import { html, useMemo } from "../html.js";
import { Plot } from "../plots/plot.js";
import { costByDay, filledByDay } from "./plots.js";
import { VenueTable, titleOf } from "./tables.js";
import { quantity } from "./texts.js";

/** @typedef {import("./figures.js").Report} Report */
/** @typedef {import("./figures.js").Row} Row */
/** @typedef {import("./figures.js").Pair} Pair */
/** @typedef {import("./tables.js").Tokens} Tokens */

/**
 * What the report tells by day and venue.
 * @param {{report: Report | null, pair?: Pair, tokens: Tokens}} props `pair`: the one that the report is of; absent: of several
 */
export function ReportPlots({ report, pair, tokens }) {
  const decimals = pair && tokens?.get(pair.tokenIn)?.decimals;
  const cost = useMemo(() => costByDay(report ?? {}), [report]);
  const filled = useMemo(() => {
    const measured = pair ? given(decimals) : { measure: (/** @type {Row} */ row) => Number(row.orders ?? 0) };
    return filledByDay(report ?? {}, { title: venueName, ...measured });
  }, [report, pair, decimals]);
  const empty = (/** @type {string} */ text) => (report ? text : "Asking for the report…");
  return html`<div class="quality-plots">
    <section class="panel">
      <${Plot} test="quality-plot" name="cost-by-day" title="Cost by day, bps" spec=${cost} empty=${empty("No cost is known in this time.")}
        reading="Parts above the line cost, parts below it gained; the mark across is their sum." />
    </section>
    <section class="panel">
      <${Plot} test="quality-plot" name="venues" spec=${filled} empty=${empty("Nothing was filled in this time.")}
        title=${pair ? `Filled by day, ${pair.tokenIn}` : "Fills by day"}
        reading=${pair
          ? "What was given at each venue: where the router found the best price for this pair."
          : "How many orders had a leg at each venue; a split order counts at each of them."} />
    </section>
    ${pair?.venues.length && html`<section class="panel wide" aria-labelledby="by-venue">
      <header><h2 id="by-venue">Venues of ${titleOf(pair)}</h2></header>
      <${VenueTable} pair=${pair} tokens=${tokens} title=${venueName} />
    </section>`}
  </div>`;
}

/** What was given, in whole tokens: near enough for a picture, and said to six digits. @param {number | undefined} decimals */
function given(decimals = 0) {
  const unit = 10 ** decimals;
  return {
    measure: (/** @type {Row} */ row) => Number(row.amountIn ?? 0) / unit,
    say: (/** @type {number} */ value) => quantity(BigInt(Math.round(value * unit)), decimals),
  };
}
