// @ts-check
import { html } from "../html.js";
import { Copyable } from "./facts.js";

/** The order and its events as they came over the wire. @param {{story: import("./following.js").Story}} props */
export function Raw({ story }) {
  const text = JSON.stringify({ order: story.order, events: story.events }, null, 2);
  return html`<details class="panel raw">
    <summary>Raw JSON</summary>
    <${Copyable} text=${text} name="JSON" />
    <pre tabindex="0">${text}</pre>
  </details>`;
}
