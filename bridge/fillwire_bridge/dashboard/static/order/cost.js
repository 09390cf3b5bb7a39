// @ts-check
import { bps } from "../format.js";
import { html } from "../html.js";

const PARTS = [
  { key: "driftBps", name: "Drift", says: "How the price moved before the quote" },
  { key: "feeBps", name: "Fees", says: "What the venues took" },
  { key: "impactBps", name: "Impact", says: "How the amount itself moved the price" },
  { key: "slippageBps", name: "Slippage", says: "What the swap gave less than its quote" },
];

/** What an execution cost, split into its causes: bars to the right are costs, bars to the left gains. @param {{cost: any}} props */
export function Cost({ cost }) {
  const widest = Math.max(0.01, ...PARTS.map(({ key }) => Math.abs(cost[key] ?? 0)));
  return html`<table class="cost">
    <caption>Cost against the mid price at arrival: <strong>${bps(cost.totalBps, { signed: true })}</strong></caption>
    <tbody>${PARTS.map(({ key, name, says }) => html`<tr key=${key} title=${says}>
      <th scope="row">${name}</th>
      <td class="cost-bar"><${Bar} part=${(cost[key] ?? 0) / widest} /></td>
      <td class="number">${bps(cost[key], { signed: true })}</td>
    </tr>`)}</tbody>
  </table>`;
}

/** @param {{part: number}} props -1 to 1 */
function Bar({ part }) {
  const long = Math.abs(part) * 50;
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height="10" aria-hidden="true">
    <rect class=${part < 0 ? "gain" : "loss"} x=${part < 0 ? 50 - long : 50} y="1" width=${Math.max(long, 0.3)} height="8" />
    <line class="zero" x1="50" x2="50" y1="0" y2="10" />
  </svg>`;
}
