// @ts-check
import { html } from "./html.js";
import { KEYS } from "./shell/keys.js";
import { STATUSES } from "./statuses.js";
import { StatusChip } from "./order/chip.js";

/** What the keys do, and what the statuses mean. */
export function Help() {
  return html`<div class="help stack">
    <section class="panel">
      <header><h1>Keys</h1></header>
      <table class="table"><tbody>
        ${KEYS.map(({ keys, does }) => html`<tr key=${does}>
          <td>${keys.map((key, number) => html`${number > 0 && " "}<kbd>${key}</kbd>`)}</td>
          <td>${does}</td>
        </tr>`)}
      </tbody></table>
    </section>
    <section class="panel">
      <header><h2>What an order's statuses mean</h2></header>
      <table class="table"><tbody>
        ${Object.entries(STATUSES).map(([status, { means }]) => html`<tr key=${status}>
          <td><${StatusChip} status=${status} /></td>
          <td>${means}</td>
        </tr>`)}
      </tbody></table>
    </section>
  </div>`;
}
