// @ts-check
import { html } from "../html.js";
import { wordsOf } from "./words.js";

/**
 * Nobody can say what became of a press: the person decides. `title` is given where the form itself is not in view.
 * @param {{outbox: import("./outbox.js").Outbox, press: import("./outbox.js").Press, title?: string}} props
 */
export function Unsure({ outbox, press, title = "" }) {
  const { of: sent, open, twice } = wordsOf(press);
  return html`<div class="notice warn" role="alert" data-test="unsure">
    ${title && html`<p><strong>No answer to ${sent}</strong>: ${title}</p>`}
    <p>${press.why}, so nobody can say ${open}. Asking again cannot ${twice}.</p>
    <p class="row"><button type="button" class="button small" data-test="ask-again" onClick=${() => outbox.again(press)}>Ask again</button>
      <button type="button" class="button small plain" onClick=${() => outbox.settle(press)}>Let it be</button></p>
  </div>`;
}
