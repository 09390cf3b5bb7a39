// @ts-check
import { html, useEffect, useState } from "../html.js";
import { orderPath } from "../shell/places.js";
import { Unsure } from "./unsure.js";
import { wordsOf } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Press} Press */

/** What becomes of presses whose form is not in view. @param {{outbox: Outbox}} props */
export function Notices({ outbox }) {
  const [loose, setLoose] = useState(() => outbox.loose());
  useEffect(() => {
    setLoose(outbox.loose());
    return outbox.onChange(() => setLoose(outbox.loose()));
  }, [outbox]);
  return html`<div class="notices">${loose.map((press) => html`<${Notice} key=${press.form} outbox=${outbox} press=${press} />`)}</div>`;
}

/** @param {{outbox: Outbox, press: Press}} props */
function Notice({ outbox, press }) {
  const { phase, title, error, order } = press;
  if (phase === "unsure") return html`<${Unsure} outbox=${outbox} press=${press} title=${title} />`;
  const [tone, says] = told(press);
  return html`<div class="banner notice ${tone}" data-test="unanswered" data-phase=${phase}>
    <p role="status"><strong>${says}</strong>: ${title}${error && html`. ${error.message}`}</p>
    ${(order || error) && html`<span class="row">
      <a class="button small" href=${order ? orderPath(order.orderId) : formPath(press)} onClick=${order && (() => outbox.settle(press))}>
        ${order ? "Open it" : "Back to it"}</a>
      <button type="button" class="button small plain" aria-label="Close" onClick=${() => outbox.settle(press)}>✕</button></span>`}
  </div>`;
}

/** @param {Press} press */
function told(press) {
  const { of: sent, done } = wordsOf(press);
  if (press.order) return ["", done];
  return press.error ? ["bad", `The engine refused ${sent}`] : ["warn", `No answer yet to ${sent}, asking again`];
}

/** Where the form is. @param {Press} press */
function formPath({ request }) {
  return request.orderId ? orderPath(request.orderId) : "#/";
}
