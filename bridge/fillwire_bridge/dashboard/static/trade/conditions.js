// @ts-check
import { html } from "../html.js";
import { nearPrice } from "./draft.js";
import { Field } from "./field.js";
import { ORDER_TYPES, SNIPER_TRIGGERS } from "./order_types.js";

/** @typedef {import("./field.js").Ticket} Ticket */

const NEAR = { "−2%": 0.98, "−1%": 0.99, Mid: 1, "+1%": 1.01, "+2%": 1.02 };
const MODES = { price: "decimal", amountIn: "decimal", bps: "numeric", count: "numeric", seconds: "numeric" };

/** The type of the order, and what that type asks for. `mid` is empty while it is not known. @param {Ticket & {mid: string}} props */
export function Conditions({ mid, ...ticket }) {
  const { says } = ORDER_TYPES[ticket.draft.type];
  const types = Object.fromEntries(Object.entries(ORDER_TYPES).map(([type, { name }]) => [type, name]));
  return html`
    <${Field} ...${ticket} name="type" label="Order type" choices=${types} hint=${says} />
    <${TypeTerms} ...${ticket} mid=${mid} />`;
}

/** What the draft's type asks for. @param {Ticket & {mid: string}} props */
export function TypeTerms({ mid, ...ticket }) {
  const { conditions } = ORDER_TYPES[ticket.draft.type];
  if (!conditions.length) return null;
  return html`<div class="fields">
    ${conditions.map((condition) => html`<${Asked} key=${ticket.draft.type + condition.key} ...${ticket} mid=${mid} ...${condition} name=${condition.key} />`)}
  </div>`;
}

/** @param {Ticket & import("./order_types.js").Condition & {name: any, mid: string}} props */
function Asked({ kind, mid, key, from, optional, ...field }) {
  if (kind === "sniper") return html`<${Field} ...${field} choices=${SNIPER_TRIGGERS} />`;
  if (kind === "time") return html`<${Field} ...${field} type="datetime-local" step="1" />`;
  const near = kind === "price" && !optional && mid;
  return html`<${Field} ...${field} inputmode=${MODES[kind]} maxlength="40">
    ${near && html`<div class="presets" role="group" aria-label="From the mid price">
      ${Object.entries(NEAR).map(([name, part]) => html`<button key=${name} type="button" class="button small plain"
        onClick=${() => field.set({ [field.name]: nearPrice(mid, part) })}>${name}</button>`)}
    </div>`}
  <//>`;
}
