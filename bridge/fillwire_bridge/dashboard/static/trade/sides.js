// @ts-check
import { amount, whole } from "../format.js";
import { html } from "../html.js";

/** @typedef {import("./field.js").Ticket} Ticket */
/** @typedef {import("./quoting.js").Quoted & {fresh: boolean, of: string}} Quoted */
/** @typedef {{tokens: Map<string, import("../tokens.js").Token>, quoted: Quoted}} Shown */

/** What is sold and what is bought: one side is typed, the other one quoted. @param {Ticket & Shown} props */
export function Sides(props) {
  const { draft, set } = props;
  const turn = () => set({ sell: draft.buy, buy: draft.sell, exact: draft.exact === "in" ? "out" : "in" });
  return html`<div class="sides">
    <${Side} ...${props} side="sell" exact="in" label="You sell" />
    <button type="button" class="button small turn" onClick=${turn} aria-label="Swap the two sides" title="Swap the two sides">
      <span aria-hidden="true">⇅</span></button>
    <${Side} ...${props} side="buy" exact="out" label="You get" />
  </div>`;
}

/** @param {Ticket & Shown & {side: "sell" | "buy", exact: string, label: string}} props */
function Side({ side, exact, label, ...props }) {
  const { draft, rules, set, tokens } = props;
  const typed = draft.exact === exact;
  const rule = rules[side] ?? (typed ? rules.amount : "") ?? "";
  const choose = (/** @type {any} */ event) => set(chosen(draft, side, event.target.value));
  return html`<div class="side ${typed ? "typed" : ""}">
    <label class="side-label" for=${typed ? "ticket-amount" : undefined}>${label}${typed ? " exactly" : ""}</label>
    ${typed ? html`<${Typed} ...${props} />` : html`<${Worked} ...${props} side=${side} exact=${exact} />`}
    <select class="input token" data-test="ticket-${side}" aria-label="Token you ${side}" value=${draft[side]} onChange=${choose}>
      ${[...tokens.values()].map(({ symbol, name }) =>
        html`<option key=${symbol} value=${symbol} selected=${symbol === draft[side]} title=${name}>${symbol}</option>`)}
    </select>
    <p id=${typed ? "ticket-amount-says" : undefined} class="side-says error" data-test=${rule ? "ticket-error" : undefined}>${rule}</p>
  </div>`;
}

/** @param {Ticket} props */
function Typed({ draft, rules, set }) {
  return html`<input id="ticket-amount" class="amount ${long(draft.amount)}" data-test="ticket-amount" inputmode="decimal" autocomplete="off"
    placeholder="0" maxlength="40" value=${draft.amount} aria-invalid=${"amount" in rules} aria-describedby="ticket-amount-says"
    onInput=${(/** @type {any} */ event) => set({ amount: event.target.value })} />`;
}

/** The other side, as quoted; pressed, it becomes the one that is typed. @param {Ticket & Shown & {side: "sell" | "buy", exact: string}} props */
function Worked({ draft, set, tokens, quoted, side, exact }) {
  const units = quoted.quote?.route?.[exact === "in" ? "amountIn" : "amountOut"];
  const decimals = tokens.get(draft[side])?.decimals ?? 0;
  const fix = () => set({ exact, amount: units ? whole(units, decimals) : draft.amount });
  const current = quoted.fresh && quoted.quote.tokenIn === draft.sell && quoted.quote.tokenOut === draft.buy;
  const text = current ? amount(units, decimals, 6) : "…";
  return html`<button type="button" class="amount worked ${long(text)}" onClick=${fix} aria-label="Give this amount instead"
    title="Give this amount instead">
    <output data-test=${current ? "ticket-quote" : undefined} class=${current ? "" : "muted"}>${text}</output>
  </button>`;
}

/** @param {string} text */
function long(text) {
  return text.length > 10 ? "long" : "";
}

/** A token that the other side has already changes places with it. @param {import("./draft.js").Draft} draft @param {"sell" | "buy"} side @param {string} symbol */
function chosen(draft, side, symbol) {
  const other = side === "sell" ? "buy" : "sell";
  return draft[other] === symbol ? { [side]: symbol, [other]: draft[side] } : { [side]: symbol };
}
