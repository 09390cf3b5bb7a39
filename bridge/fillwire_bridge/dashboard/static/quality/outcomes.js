// @ts-check
import { html } from "../html.js";
import { MOST, useCauses } from "./causes.js";
import { outcomes } from "./ended.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("./ended.js").Ended} Ended */

/** How orders ended, and why attempts had to be repeated. @param {{link: Link, orders: Ended[], empty: string}} props */
export function Outcomes({ link, orders, empty }) {
  const causes = useCauses(link, orders) ?? [];
  return html`<figure class="plot" data-test="quality-plot" data-name="outcomes">
    <figcaption>
      <h2>How orders ended</h2>
      <p class="muted">A failed order has swapped nothing. A retry means that an attempt was proven to have swapped nothing: it costs time, not money.</p>
    </figcaption>
    ${orders.length ? html`<${Bars} bars=${outcomes(orders)} />` : html`<div class="empty">${empty}</div>`}
    ${causes.length > 0 && html`
      <h3 class="causes">Why attempts came to nothing <small>(the last ${MOST} repeated orders at most)</small></h3>
      <${Bars} bars=${causes.map((cause) => ({ ...cause, glyph: "↻", tone: "warn" }))} />
    `}
  </figure>`;
}

/** @param {{bars: {name: string, count: number, tone: string, glyph: string}[]}} props */
function Bars({ bars }) {
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(...bars.map(({ count }) => count));
  return html`<ul class="bars">
    ${bars.map(
      ({ name, count, tone, glyph }) => html`<li key=${name} data-outcome=${name}>
        <span><span class=${tone} aria-hidden="true">${glyph}</span> ${name}</span>
        <span class="number">${count.toLocaleString("en-US")}</span>
        <span class="number muted">${percent(count / all)}</span>
        <span class="bar-track" aria-hidden="true"><span class="bar-fill ${tone}" style=${{ width: `${(count / most) * 100}%` }}></span></span>
      </li>`,
    )}
  </ul>`;
}

/** All and nothing are said of all and nothing only. @param {number} share 0 to 1 */
export function percent(share) {
  const rounded = (share * 100).toFixed(1);
  if (rounded === "100.0") return share < 1 ? "99.9%" : "100%";
  return rounded === "0.0" ? (share > 0 ? "<0.1%" : "0%") : `${rounded}%`;
}
