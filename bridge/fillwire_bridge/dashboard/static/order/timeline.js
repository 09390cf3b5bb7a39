// @ts-check
import { lasting } from "../format.js";
import { html } from "../html.js";
import { Candidates } from "../route/candidates.js";
import { useNow } from "../shell/pulse.js";
import { face, shortStatus } from "../statuses.js";
import { described } from "./described.js";
import { specAt } from "./following.js";

/** @typedef {import("./following.js").Story} Story */
/** @typedef {import("./described.js").Tokens} Tokens */

/** Every event of an order, as it happens. @param {{story: Story, tokens: Tokens, full?: boolean}} props */
export function Timeline({ story, tokens, full = false }) {
  const { id, order, events } = story;
  const accepted = events.length ? new Date(events[0].time).getTime() : 0;
  if (!events.length) return html`<div class="empty timeline-empty">${order ? "Its events are coming…" : "Reading the order…"}</div>`;
  return html`<ol class="timeline" data-test="timeline" data-order-id=${id} aria-label="Events">
    ${events.map((event, number) => html`<${Event} key=${event.seq} event=${event} spec=${specAt(story, event)} accepted=${accepted} tokens=${tokens}
      full=${full} last=${number === events.length - 1} />`)}
  </ol>`;
}

/** @param {{event: any, spec: any, accepted: number, tokens: Tokens, full: boolean, last: boolean}} props */
function Event({ event, spec, accepted, tokens, full, last }) {
  const { name, glyph, tone } = face(event.status);
  const passed = new Date(event.time).getTime() - accepted;
  return html`<li class="event ${tone}" data-test="event" data-seq=${event.seq} data-status=${shortStatus(event.status)}>
    <span class="event-sign" aria-hidden="true">${glyph}</span>
    <div class="event-body">
      <p><strong>${name}</strong>${event.attempt > 1 && html` <span class="muted">attempt ${event.attempt}</span>`}
        <time class="event-time" datetime=${event.time} title=${event.time}>+${lasting(passed)}</time></p>
      <p class="muted">${described(event, spec, tokens)}${last && event.retrying && html`<${Countdown} to=${event.retrying.nextAttemptTime} />`}</p>
      ${full && event.building && html`<${Candidates} route=${event.building.route} tokenIn=${event.tokenIn} tokenOut=${event.tokenOut} tokens=${tokens} />`}
    </div>
  </li>`;
}

/** @param {{to: string | undefined}} props */
function Countdown({ to }) {
  const now = useNow(true, 200);
  const left = Math.max(0, new Date(to ?? 0).getTime() - now);
  return html` <strong>${left ? `in ${(left / 1000).toFixed(1)} s` : "now"}</strong>`;
}
