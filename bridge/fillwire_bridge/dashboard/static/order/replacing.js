// @ts-check
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { usePress } from "../outbox/pressing.js";
import { Unsure } from "../outbox/unsure.js";
import { MoreSettings, Slippage } from "../trade/bounds.js";
import { TypeTerms } from "../trade/conditions.js";
import { Field } from "../trade/field.js";
import { focusField, focusFirstWrong, ignoreRepeats, touched } from "../trade/filling.js";
import { orderOf } from "../trade/spec.js";
import { termsOf } from "../trade/terms.js";
import { titled } from "./described.js";
import { lastSeq, standing } from "./following.js";

/** @typedef {import("../trade/draft.js").Draft} Draft */
/** @typedef {import("../outbox/outbox.js").Outbox} Outbox */
/** @typedef {import("../outbox/outbox.js").Press} Press */
/** @typedef {import("./following.js").Story} Story */
/** @typedef {Map<string, import("../tokens.js").Token>} Tokens */
/**
 * What stands in the form, and the terms and the event that it began with.
 * @typedef {{draft: Draft, spec: any, seq: number}} Entered
 */

/** The form of the outbox that gives an order new terms. @param {string} orderId */
export function replaceForm(orderId) {
  return `replace ${orderId}`;
}

/** Whether an order's terms can still be replaced: it rests, and nothing of it has begun. @param {Story} story */
export function replaceable(story) {
  const { order, events } = story;
  const begun = events.some(({ progress }) => progress?.slicesBegun);
  return standing(story).status === "ORDER_STATUS_RESTING" && !order.cancelRequested && !begun;
}

/**
 * New terms for an order that rests, filled with those it has. They hold only for the order as the form knows it.
 * @param {{link: import("../link.js").Link, outbox: Outbox, story: Story, tokens: Tokens, close: (replaced: boolean) => void}} props
 */
export function ReplaceForm({ link, outbox, story, tokens, close }) {
  const { order } = story;
  const name = replaceForm(order.orderId);
  const { press, wrong } = usePress(outbox, name, () => close(true));
  const [entered, setEntered] = useState(() => /** @type {Entered} */ (press?.entered ?? begun(order, tokens)));
  const [pressed, setPressed] = useState(press !== null);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const terms = useMemo(() => termsOf(entered.spec, tokens), [entered.spec, tokens]);
  const { spec, rules: own } = orderOf(entered.draft, tokens, terms);
  const outdated = changedSince(story, entered.seq, press);
  const ready = press === null && replaceable(story) && !isSame(entered.draft, terms.draft);
  useEffect(() => focusField(form, "replace-amount"), []);
  useEffect(() => {
    if (Object.keys(wrong.rules).length) focusFirstWrong(form);
  }, [wrong]);

  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    setPressed(true);
    if (Object.keys(own).length) return focusFirstWrong(form);
    const ifLastSeq = String(outdated ? entered.seq : Math.max(lastSeq(story), entered.seq));
    const request = { orderId: order.orderId, spec, ifLastSeq };
    if (ready) outbox.press({ form: name, method: "OrderService/ReplaceOrder", request, title: titled(spec, tokens), entered });
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    ignoreRepeats(event);
    if (event.key !== "Escape" || press) return;
    event.preventDefault();
    close(false);
  };
  const set = (/** @type {Partial<Draft>} */ change) => {
    setPressed(false);
    setEntered({ ...entered, draft: { ...entered.draft, ...change } });
  };
  const rules = { ...touched(own, entered.draft, pressed), ...(pressed ? wrong.rules : {}) };
  return html`<form class="panel replace" data-test="replace-form" aria-label="New terms" ref=${form} onSubmit=${submit} onKeyDown=${keys} novalidate>
    <header><h2>New terms</h2><span class="muted">It stays the same order, and waits for these from then on.</span></header>
    <${Fields} draft=${entered.draft} rules=${rules} set=${set} form="replace" link=${link} terms=${terms} />
    ${pressed && wrong.rest.length > 0 && html`<div class="notice bad" role="alert" data-test="replace-error">
      ${wrong.rest.map((text) => html`<p key=${text}>${text}</p>`)}</div>`}
    ${outdated && html`<${Outdated} again=${() => setEntered(begun(order, tokens))} />`}
    ${!press && !replaceable(story) && html`<p class="notice warn" role="status">Its terms can no longer be changed.</p>`}
    ${press?.phase === "unsure"
      ? html`<${Unsure} outbox=${outbox} press=${press} />`
      : html`<p class="row"><button class="button primary" data-test="replace-submit" aria-disabled=${!ready}>${says(press, ready)}</button>
          ${!press && html`<button type="button" class="button plain" onClick=${() => close(false)}>Leave it as it is</button>`}</p>`}
  </form>`;
}

/** @param {import("../trade/field.js").Ticket & {link: import("../link.js").Link, terms: import("../trade/terms.js").Terms}} props */
function Fields({ link, terms, ...fields }) {
  const { exact, sell, buy } = fields.draft;
  const side = exact === "in" ? `You sell exactly, ${sell}` : `You get exactly, ${buy}`;
  return html`
    <${Field} ...${fields} name="amount" label=${side} inputmode="decimal" maxlength="40" />
    <${TypeTerms} ...${fields} mid="" />
    <${Slippage} ...${fields} terms=${terms} />
    <${MoreSettings} ...${fields} link=${link} rests=${true} />`;
}

/** @param {{again: () => void}} props */
function Outdated({ again }) {
  return html`<div class="notice warn" role="status">
    <p>Its terms were changed since you opened this form.</p>
    <p><button type="button" class="button small" onClick=${again}>Begin with the present ones</button></p>
  </div>`;
}

/** @param {any} order @param {Tokens} tokens @returns {Entered} */
function begun({ spec, lastSeq: seq }, tokens) {
  return { draft: termsOf(spec, tokens).draft, spec, seq: Number(seq) };
}

/** Whether somebody else has replaced the terms after an event. @param {Story} story @param {number} seq @param {Press | null} press */
function changedSince({ events }, seq, press) {
  const own = press?.request.requestId;
  return events.some(({ seq: at, replaced }) => replaced && Number(at) > seq && replaced.requestId !== own);
}

/** @param {Draft} draft @param {Draft} other */
function isSame(draft, other) {
  return Object.entries(other).every(([key, text]) => draft[/** @type {keyof Draft} */ (key)] === text);
}

/** @param {Press | null} press @param {boolean} ready */
function says(press, ready) {
  if (press?.phase === "again") return "No answer yet: asking again…";
  if (press) return "Replacing…";
  return ready ? "Replace" : "Nothing to change";
}
