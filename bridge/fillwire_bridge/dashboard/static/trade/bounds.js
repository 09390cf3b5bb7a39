// @ts-check
import { html, useEffect, useState } from "../html.js";
import { Field } from "./field.js";
import { DRAFT } from "./draft.js";
import { timesInForce } from "./order_types.js";
import { takesSlippage } from "./spec.js";
import { VenueLimits } from "./venue_limits.js";

/** @typedef {import("./field.js").Ticket} Ticket */

const PRESETS = ["10", "50", "100"];
/** @type {(keyof import("./draft.js").Draft)[]} */
const FOLDED = ["minimum", "impact", "deadline", "timeInForce", "goodTill", "reference", "maxLegs", "maxHops", "venueRule", "venues"];

/** How much worse than the quote the execution may be. @param {Ticket & {terms?: import("./terms.js").Terms}} props */
export function Slippage({ terms, ...ticket }) {
  if (!takesSlippage(ticket.draft.type, terms)) return null;
  return html`<div class="slippage">
    <${Field} ...${ticket} name="slippage" label="Slippage, bps" inputmode="numeric" maxlength="5" />
    <div class="presets" role="group" aria-label="Slippage presets">
      ${PRESETS.map((bps) => html`<button key=${bps} type="button" class="button small" aria-pressed=${ticket.draft.slippage === bps}
        onClick=${() => ticket.set({ slippage: bps })}>${Number(bps) / 100} %</button>`)}
    </div>
  </div>`;
}

/**
 * What few orders need. It opens by itself where a rule is broken inside. `rests`: the order is to go on resting.
 * @param {Ticket & {link: import("../link.js").Link, rests?: boolean}} props
 */
export function MoreSettings({ link, rests = false, ...ticket }) {
  const { draft, rules } = ticket;
  const [open, setOpen] = useState(false);
  const broken = FOLDED.some((name) => name in rules);
  useEffect(() => {
    if (broken) setOpen(true);
  }, [broken]);
  const side = draft.exact === "in" ? `Least ${draft.buy} to get` : `Most ${draft.sell} to give`;
  const times = timesInForce(draft.type, rests);
  const changes = FOLDED.filter((name) => name !== "venues" && draft[name] !== DRAFT[name]).length;
  return html`<details class="more" open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary>More settings${changes > 0 && `, ${changes} set`}</summary>
    <div class="fields">
      <${Field} ...${ticket} name="minimum" label=${side} inputmode="decimal" hint="Empty: by slippage" />
      <${Field} ...${ticket} name="impact" label="Most impact, bps" inputmode="numeric" hint="Empty: any" />
      <${Field} ...${ticket} name="timeInForce" label="Stays in the market" choices=${times} />
      ${draft.timeInForce === "TIME_IN_FORCE_GTD" && html`<${Field} ...${ticket} name="goodTill" label="Until" type="datetime-local" step="1" />`}
      <${Field} ...${ticket} name="deadline" label="Deadline" type="datetime-local" step="1" hint="Nothing is sent after it" />
      <${Field} ...${ticket} name="reference" label="Your reference" maxlength="128" hint="Echoed in every event" />
      <${Field} ...${ticket} name="maxLegs" label="Most legs" inputmode="numeric" hint="1 to 16. Empty: 4" />
      <${Field} ...${ticket} name="maxHops" label="Most hops" inputmode="numeric" hint="1 to 4. Empty: 3" />
      ${open && html`<${VenueLimits} ...${ticket} link=${link} />`}
    </div>
  </details>`;
}
