// @ts-check
import { amount } from "../format.js";
import { html, useState } from "../html.js";
import { OrderPanel } from "../order/panel.js";
import { RouteBody } from "../route/panel.js";
import { Tape } from "../tape/tape.js";
import { changed, DRAFT } from "./draft.js";
import { useQuote } from "./quoting.js";
import { quoteRequest } from "./spec.js";
import { Ticket, TICKET } from "./ticket.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("../outbox/outbox.js").Outbox} Outbox */
/** @typedef {Map<string, import("../tokens.js").Token>} Tokens */

/** Place an order and follow it. @param {{link: Link, outbox: Outbox, tokens: Tokens | null, params: Record<string, string>}} props */
export function Trade({ link, outbox, tokens, params }) {
  return html`<div class="trade">
    <h1 class="hidden">Trade</h1>
    ${tokens?.size ? html`<${Desk} link=${link} outbox=${outbox} tokens=${tokens} order=${params.order} />` : html`<${Waiting} tokens=${tokens} />`}
    <${Tape} link=${link} tokens=${tokens} />
  </div>`;
}

/** Takes the room that the ticket will take. @param {{tokens: Tokens | null}} props */
function Waiting({ tokens }) {
  const says = tokens ? "This engine lists no tokens." : "Asking the engine what can be traded…";
  return html`<div class="panel ticket empty" data-test="waiting">${says}</div><div class="stage"></div>`;
}

/** @param {{link: Link, outbox: Outbox, tokens: Tokens, order: string | undefined}} props */
function Desk({ link, outbox, tokens, order }) {
  const [draft, setDraft] = useState(() => /** @type {import("./draft.js").Draft} */ (outbox.of(TICKET)?.entered ?? first(tokens)));
  const quoted = useQuote(link, quoteRequest(draft, tokens));
  const set = (/** @type {Partial<import("./draft.js").Draft>} */ change) => setDraft((before) => changed(before, change));
  const placed = (/** @type {any} */ stored) => void (location.hash = `#/?order=${stored.orderId}`);
  return html`
    <${Ticket} link=${link} outbox=${outbox} tokens=${tokens} draft=${draft} set=${set} quoted=${quoted} placed=${placed} />
    <div class="stage">
      ${order && html`<${OrderPanel} key=${order} link=${link} id=${order} tokens=${tokens} />`}
      <${QuotePanel} quoted=${quoted} tokens=${tokens} />
    </div>`;
}

/** @param {{quoted: ReturnType<typeof useQuote>, tokens: Tokens}} props */
function QuotePanel({ quoted, tokens }) {
  const { quote, fresh, problem } = quoted;
  return html`<section class="panel quote-panel ${fresh ? "" : "stale"}" aria-label="Route">
    <header><h2>Route</h2>${quote && html`<span class="muted push">found in ${amount(quote.route.routerMicros ?? "0")} µs at slot ${quote.route.slot}</span>`}</header>
    ${quote
      ? html`<${RouteBody} route=${quote.route} tokenIn=${quote.tokenIn} tokenOut=${quote.tokenOut} tokens=${tokens} />`
      : html`<div class="empty">${problem || "The route appears here as soon as there is a quote."}</div>`}
  </section>`;
}

/** SOL to USDC where there are such; else the first two tokens. @param {Tokens} tokens */
function first(tokens) {
  const [one, other] = [...tokens.keys()];
  if (tokens.has(DRAFT.sell) && tokens.has(DRAFT.buy)) return DRAFT;
  return { ...DRAFT, sell: one, buy: other ?? one };
}
