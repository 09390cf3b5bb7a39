// @ts-check
import { html, useEffect, useRef, useState } from "../html.js";
import { MoreSettings, Slippage } from "./bounds.js";
import { Conditions } from "./conditions.js";
import { firstPrices } from "./draft.js";
import { ORDER_TYPES } from "./order_types.js";
import { usePlacing } from "./placing.js";
import { promised, QuoteLine } from "./quote_line.js";
import { Sides } from "./sides.js";
import { bound, orderOf } from "./spec.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {Map<string, import("../tokens.js").Token>} Tokens */

/**
 * The order ticket. `set` changes the draft; `placed` is told the order that was stored.
 * @param {{link: import("../link.js").Link, tokens: Tokens, draft: Draft, set: (change: Partial<Draft>) => void,
 *   quoted: import("./sides.js").Quoted, placed: (order: any) => void}} props
 */
export function Ticket({ link, tokens, draft, set, quoted, placed }) {
  const { phase, wrong, place, again, forget } = usePlacing(link, placed);
  const [asked, setAsked] = useState(false);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const { spec, rules: own } = orderOf(draft, tokens);
  const least = boundOf(draft, spec, quoted);
  const rules = { ...touched(own, draft, asked), ...(asked ? wrong.rules : {}) };
  const mid = samePair(draft, quoted) ? (quoted.quote.midPrice ?? "") : "";
  useFirstPrices(draft, mid, set);
  useAmountFocus(form);
  useEffect(() => {
    if (Object.keys(wrong.rules).length) focusFirstWrong(form);
  }, [wrong]);

  const change = (/** @type {Partial<Draft>} */ made) => (setAsked(false), set(made));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    setAsked(true);
    if (Object.keys(own).length) focusFirstWrong(form);
    else place({ ...spec, ...least });
  };
  const ticket = { draft, rules, set: change };
  const promise = Object.values(least)[0];
  return html`<form class="panel ticket" data-test="ticket" aria-label="New order" ref=${form} onSubmit=${submit}
    onKeyDown=${ignoreRepeats} novalidate>
    <${Sides} ...${ticket} tokens=${tokens} quoted=${quoted} />
    <${QuoteLine} quoted=${quoted} />
    <${Conditions} ...${ticket} mid=${mid} />
    <${Slippage} ...${ticket} />
    <${MoreSettings} ...${ticket} />
    ${asked && wrong.rest.length > 0 && html`<div class="notice bad" role="alert" data-test="ticket-error">
      ${wrong.rest.map((text) => html`<p key=${text}>${text}</p>`)}</div>`}
    ${phase === "unsure"
      ? html`<${Unsure} again=${again} forget=${forget} />`
      : html`<button class="button primary submit" data-test="ticket-submit" aria-disabled=${phase !== "idle"}>${says(draft, phase)}</button>`}
    <p class="promise hint">${promise && promised(promise, draft, tokens)}</p>
  </form>`;
}

/** @param {{again: () => void, forget: () => void}} props */
function Unsure({ again, forget }) {
  return html`<div class="notice warn" role="alert">
    <p>The engine has not answered for a minute, so nobody can say whether the order was stored. Asking again cannot place
      it twice.</p>
    <p class="row"><button type="button" class="button" onClick=${again}>Ask again</button>
      <button type="button" class="button plain" onClick=${forget}>Let it be</button></p>
  </div>`;
}

/** What a press will do. @param {Draft} draft @param {string} phase */
function says(draft, phase) {
  if (phase === "placing") return "Placing…";
  if (phase === "placed") return "Placed";
  if (phase === "again") return "No answer yet: asking again…";
  const swap = draft.exact === "in" ? `ell ${draft.amount} ${draft.sell}` : `uy ${draft.amount} ${draft.buy}`;
  const [upper, lower] = draft.exact === "in" ? ["S", "s"] : ["B", "b"];
  return draft.type === "market" ? upper + swap : `${ORDER_TYPES[draft.type].name}: ${lower}${swap}`;
}

/** The bound that a market order takes over from the quote beside it. @param {Draft} draft @param {any} spec @param {any} quoted */
function boundOf(draft, spec, quoted) {
  const [name, side] = draft.exact === "in" ? ["minAmountOut", "amountOut"] : ["maxAmountIn", "amountIn"];
  if (draft.type !== "market" || !quoted.fresh || spec.slippageBps === undefined) return {};
  const quotes = bound(quoted.quote.route[side], draft.slippage.trim(), draft.exact === "in");
  // With a slippage of 10,000 bps whatever comes is taken.
  return quotes === "0" ? {} : { [name]: stricter(spec[name], quotes, draft.exact) };
}

/** @param {string | undefined} own @param {string} quoted @param {string} exact */
function stricter(own, quoted, exact) {
  if (!own) return quoted;
  return BigInt(own) > BigInt(quoted) === (exact === "in") ? own : quoted;
}

/** What is not filled in yet is no mistake before somebody presses. @param {import("./draft.js").Rules} rules @param {Draft} draft @param {boolean} asked */
function touched(rules, draft, asked) {
  const shown = Object.entries(rules).filter(([name]) => asked || draft[/** @type {keyof Draft} */ (name)].trim());
  return Object.fromEntries(shown);
}

/** @param {Draft} draft @param {any} quoted */
function samePair(draft, { quote }) {
  return quote?.tokenIn === draft.sell && quote?.tokenOut === draft.buy;
}

/** @param {Draft} draft @param {string} mid @param {(change: Partial<Draft>) => void} set */
function useFirstPrices(draft, mid, set) {
  useEffect(() => {
    const first = mid ? firstPrices(draft, mid) : {};
    if (Object.keys(first).length) set(first);
  }, [draft.type, draft.sell, draft.buy, mid !== ""]);
}

/** @param {{current: HTMLFormElement | null}} form */
function useAmountFocus(form) {
  useEffect(() => {
    const field = /** @type {HTMLInputElement | null | undefined} */ (form.current?.querySelector("#ticket-amount"));
    // On a phone a keyboard that opens by itself would cover the page.
    if (matchMedia("(pointer: coarse)").matches) return;
    field?.focus();
    field?.select();
  }, []);
}

/** A key that is held down presses once. @param {KeyboardEvent} event */
function ignoreRepeats(event) {
  if (event.key === "Enter" && event.repeat) event.preventDefault();
}

/** Once the rules are shown. @param {{current: HTMLFormElement | null}} form */
function focusFirstWrong(form) {
  const first = () => /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector('[aria-invalid="true"]'));
  setTimeout(() => first()?.focus());
}
