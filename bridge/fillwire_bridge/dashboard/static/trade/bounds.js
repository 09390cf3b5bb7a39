// @ts-check
import { html, useEffect, useState } from "../html.js";
import { Field } from "./field.js";
import { timesInForce } from "./order_types.js";
import { takesSlippage } from "./spec.js";

/** @typedef {import("./field.js").Ticket} Ticket */

const PRESETS = ["10", "50", "100"];
const FOLDED = ["minimum", "impact", "deadline", "timeInForce", "goodTill", "reference", "maxLegs", "maxHops"];

/** How much worse than the quote the execution may be. @param {Ticket} ticket */
export function Slippage(ticket) {
  if (!takesSlippage(ticket.draft.type)) return null;
  return html`<div class="slippage">
    <${Field} ...${ticket} name="slippage" label="Slippage, bps" inputmode="numeric" maxlength="5" data-test="ticket-slippage" />
    <div class="presets" role="group" aria-label="Slippage presets">
      ${PRESETS.map((bps) => html`<button key=${bps} type="button" class="button small" aria-pressed=${ticket.draft.slippage === bps}
        onClick=${() => ticket.set({ slippage: bps })}>${Number(bps) / 100} %</button>`)}
    </div>
  </div>`;
}

/** What few orders need. It opens by itself where a rule is broken inside. @param {Ticket} ticket */
export function MoreSettings(ticket) {
  const { draft, rules } = ticket;
  const [open, setOpen] = useState(false);
  const broken = FOLDED.some((name) => name in rules);
  useEffect(() => {
    if (broken) setOpen(true);
  }, [broken]);
  const side = draft.exact === "in" ? `Least ${draft.buy} to get` : `Most ${draft.sell} to give`;
  const times = timesInForce(draft.type);
  return html`<details class="more" open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary>More settings</summary>
    <div class="fields">
      <${Field} ...${ticket} name="minimum" label=${side} inputmode="decimal" hint="Empty: by slippage" />
      <${Field} ...${ticket} name="impact" label="Most impact, bps" inputmode="numeric" hint="Empty: any" />
      <${Field} ...${ticket} name="timeInForce" label="Stays in the market" choices=${times} />
      ${draft.timeInForce === "TIME_IN_FORCE_GTD" && html`<${Field} ...${ticket} name="goodTill" label="Until" type="datetime-local" step="1" />`}
      <${Field} ...${ticket} name="deadline" label="Deadline" type="datetime-local" step="1" hint="Nothing is sent after it" />
      <${Field} ...${ticket} name="reference" label="Your reference" maxlength="128" hint="Echoed in every event" />
      <${Field} ...${ticket} name="maxLegs" label="Most legs" inputmode="numeric" hint="1 to 16. Empty: 4" />
      <${Field} ...${ticket} name="maxHops" label="Most hops" inputmode="numeric" hint="1 to 4. Empty: 3" />
    </div>
  </details>`;
}
