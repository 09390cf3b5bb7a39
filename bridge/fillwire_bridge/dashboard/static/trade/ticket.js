// @ts-check
import { html, useEffect, useRef, useState } from "../html.js";
import { titled } from "../order/described.js";
import { usePress } from "../outbox/pressing.js";
import { Unsure } from "../outbox/unsure.js";
import { MoreSettings, Slippage } from "./bounds.js";
import { Conditions } from "./conditions.js";
import { firstPrices } from "./draft.js";
import { focusField, focusFirstWrong, ignoreRepeats, touched } from "./filling.js";
import { ORDER_TYPES } from "./order_types.js";
import { promised, QuoteLine } from "./quote_line.js";
import { Sides } from "./sides.js";
import { bound, orderOf } from "./spec.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {Map<string, import("../tokens.js").Token>} Tokens */

/** The form of the outbox that the ticket is. */
export const TICKET = "ticket";

/**
 * The order ticket. `set` changes the draft; `placed` is told the order that was stored.
 * @param {{link: import("../link.js").Link, outbox: import("../outbox/outbox.js").Outbox, tokens: Tokens, draft: Draft,
 *   set: (change: Partial<Draft>) => void, quoted: import("./sides.js").Quoted, placed: (order: any) => void}} props
 */
export function Ticket({ link, outbox, tokens, draft, set, quoted, placed }) {
  const { press, wrong } = usePress(outbox, TICKET, placed);
  const [pressed, setPressed] = useState(press !== null);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const { spec, rules: own } = orderOf(draft, tokens);
  const least = boundOf(draft, spec, quoted);
  const rules = { ...touched(own, draft, pressed), ...(pressed ? wrong.rules : {}) };
  const mid = samePair(draft, quoted) ? (quoted.quote.midPrice ?? "") : "";
  useFirstPrices(draft, mid, set);
  useEffect(() => focusField(form, "ticket-amount"), []);
  useEffect(() => {
    if (Object.keys(wrong.rules).length) focusFirstWrong(form);
  }, [wrong]);

  const change = (/** @type {Partial<Draft>} */ made) => (setPressed(false), set(made));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    setPressed(true);
    const request = { spec: { ...spec, ...least } };
    if (Object.keys(own).length) focusFirstWrong(form);
    else outbox.press({ form: TICKET, method: "OrderService/SubmitOrder", request, title: titled(spec, tokens), entered: draft });
  };
  const ticket = { draft, rules, set: change };
  const promise = Object.values(least)[0];
  return html`<form class="panel ticket" data-test="ticket" aria-label="New order" ref=${form} onSubmit=${submit}
    onKeyDown=${ignoreRepeats} novalidate>
    <${Sides} ...${ticket} tokens=${tokens} quoted=${quoted} />
    <${QuoteLine} quoted=${quoted} />
    <${Conditions} ...${ticket} mid=${mid} />
    <${Slippage} ...${ticket} />
    <${MoreSettings} ...${ticket} link=${link} />
    ${pressed && wrong.rest.length > 0 && html`<div class="notice bad" role="alert" data-test="ticket-error">
      ${wrong.rest.map((text) => html`<p key=${text}>${text}</p>`)}</div>`}
    ${press?.phase === "unsure"
      ? html`<${Unsure} outbox=${outbox} press=${press} />`
      : html`<button class="button primary submit" data-test="ticket-submit" aria-disabled=${press !== null}>${says(draft, press?.phase)}</button>`}
    <p class="promise hint">${promise && promised(promise, draft, tokens)}</p>
  </form>`;
}

/** What a press will do, or does. @param {Draft} draft @param {string | undefined} phase */
function says(draft, phase) {
  if (phase === "sending") return "Placing…";
  if (phase === "answered") return "Placed";
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
