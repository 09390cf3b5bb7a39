// @ts-check
import { amount, bps, lasting, millisOf, price, venueName } from "../format.js";
import { html } from "../html.js";
import { Cost } from "./cost.js";
import { shown } from "./described.js";
import { Facts } from "./facts.js";

/**
 * What an execution gave and what it cost.
 * @param {{receipt: any, order: any, tokens: import("./described.js").Tokens}} props
 */
export function Receipt({ receipt, order, tokens }) {
  const { tokenIn, tokenOut } = order.spec;
  const saved = receipt.cost?.savedBps;
  return html`<div class="receipt" data-test="receipt">
    <p class="receipt-sum"><strong>${shown(receipt.amountIn, tokenIn, tokens)}</strong> <span class="muted">for</span>
      ${" "}<strong>${shown(receipt.amountOut, tokenOut, tokens)}</strong></p>
    <${Facts} facts=${{
      Price: price(receipt.price),
      "Mid at arrival": receipt.arrivalMidPrice && price(receipt.arrivalMidPrice),
      Quoted: receipt.quotedAmountOut && shown(receipt.quotedAmountOut, tokenOut, tokens),
      "Against the quote": bps(receipt.slippageBps, { signed: true }),
      "Second best venue": receipt.cost?.secondBestVenue && `${venueName(receipt.cost.secondBestVenue)}, ${bps(saved)} less`,
      "Venues took": lasting(millisOf(receipt.venueTime)),
      "The engine took": lasting(millisOf(receipt.engineTime)),
      Slot: receipt.slot && amount(receipt.slot),
    }} />
    ${receipt.cost && html`<${Cost} cost=${receipt.cost} />`}
  </div>`;
}
