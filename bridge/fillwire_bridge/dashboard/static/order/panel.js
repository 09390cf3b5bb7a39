// @ts-check
import { html, useEffect, useRef } from "../html.js";
import { orderPath } from "../shell/places.js";
import { CancelButton } from "./cancelling.js";
import { StatusChip } from "./chip.js";
import { asked } from "./described.js";
import { standing, useStory } from "./following.js";
import { Receipt } from "./receipt.js";
import { Timeline } from "./timeline.js";

/**
 * The order that was just placed, beside the ticket.
 * @param {{link: import("../link.js").Link, id: string, tokens: import("./described.js").Tokens}} props
 */
export function OrderPanel({ link, id, tokens }) {
  const story = useStory(link, id);
  const { order, problem } = story;
  const now = standing(story);
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => bringIntoView(panel.current), []);
  return html`<section class="panel order-panel" aria-label="The order you placed" ref=${panel}>
    <header>
      <h2>${order ? asked(order.spec, tokens) : "Your order"}</h2>
      <span role="status"><${StatusChip} status=${now.status ?? "ORDER_STATUS_PENDING"} /></span>
      <span class="push row">
        ${order && html`<${CancelButton} link=${link} orderId=${id} ended=${now.ended} requested=${order.cancelRequested} />`}
        <a class="button small" href=${orderPath(id)}>Details</a>
        <a class="button small plain" href="#/" aria-label="Close" title="Close (Esc)">✕</a>
      </span>
    </header>
    ${problem ? html`<p class="notice bad" role="alert">${problem.message}</p>` : html`<${Timeline} story=${story} tokens=${tokens} />`}
    ${now.receipt && order && html`<${Receipt} receipt=${now.receipt} order=${order} tokens=${tokens} />`}
  </section>`;
}

/** Below the ticket, on a phone, nobody would see it open. @param {HTMLElement | null} panel */
function bringIntoView(panel) {
  if (!panel || panel.getBoundingClientRect().top < innerHeight / 2) return;
  panel.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
