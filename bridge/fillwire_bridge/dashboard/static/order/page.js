// @ts-check
import { bps, dateTime, price, venueName } from "../format.js";
import { html, useRef, useState } from "../html.js";
import { RouteBody } from "../route/panel.js";
import { orderPath } from "../shell/places.js";
import { face } from "../statuses.js";
import { CancelButton } from "./cancelling.js";
import { Children } from "./children.js";
import { StatusChip } from "./chip.js";
import { failed, shown, titled } from "./described.js";
import { Copyable, Facts } from "./facts.js";
import { lastSeq, standing, useStory } from "./following.js";
import { Raw } from "./raw.js";
import { Receipt } from "./receipt.js";
import { replaceable, ReplaceForm, replaceForm } from "./replacing.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./described.js").Tokens} Tokens */
/** @typedef {import("../outbox/outbox.js").Outbox} Outbox */

/** All that is known of one order. @param {{link: import("../link.js").Link, outbox: Outbox, tokens: Tokens, params: Record<string, string>}} props */
export function OrderPage({ link, outbox, tokens, params }) {
  const story = useStory(link, params.id ?? "");
  const { order, problem } = story;
  if (problem) return html`<${Unknown} id=${params.id} problem=${problem} />`;
  if (!order) return html`<div class="panel empty">Reading the order…</div>`;
  const now = standing(story);
  return html`<div class="stack">
    <${Head} key=${order.orderId} link=${link} outbox=${outbox} story=${story} now=${now} tokens=${tokens} />
    <div class="order-columns">
      <div class="stack">
        <section class="panel"><header><h2>Timeline</h2></header><${Timeline} story=${story} tokens=${tokens} full=${true} /></section>
        <section class="panel terms"><header><h2>Terms</h2></header><${Terms} order=${order} story=${story} tokens=${tokens} /></section>
        <${Raw} story=${story} />
      </div>
      <div class="stack">
        <section class="panel"><header><h2>Result</h2></header><${Result} now=${now} order=${order} tokens=${tokens} /></section>
        ${order.spec.twap
          ? html`<${Children} link=${link} order=${order} seq=${lastSeq(story)} tokens=${tokens} />`
          : html`<section class="panel"><header><h2>Route</h2></header><${Chosen} story=${story} tokens=${tokens} /></section>`}
      </div>
    </div>
  </div>`;
}

/**
 * What the order is to do, and what can be done about it.
 * @param {{link: any, outbox: Outbox, story: import("./following.js").Story, now: ReturnType<typeof standing>, tokens: Tokens}} props
 */
function Head({ link, outbox, story, now, tokens }) {
  const { order } = story;
  const [open, setOpen] = useState(() => outbox.of(replaceForm(order.orderId)) !== null);
  const [replaced, setReplaced] = useState(false);
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const known = tokens?.has(order.spec.tokenIn) && tokens.has(order.spec.tokenOut);
  const close = (/** @type {boolean} */ done) => {
    setOpen(false);
    setReplaced(done);
    button.current?.focus();
  };
  // A form that waits for its answer stays.
  const turn = () => (open ? outbox.of(replaceForm(order.orderId)) || close(false) : (setReplaced(false), setOpen(true)));
  return html`<header class="order-head">
      <h1>${titled(order.spec, tokens)}</h1>
      <span role="status"><${StatusChip} status=${now.status} /></span>
      <span class="push row">
        <span role="status" class="muted">${replaced && !now.ended && "Its terms are replaced"}</span>
        ${known && replaceable(story) && html`<button type="button" class="button small" data-test="replace" ref=${button}
          aria-expanded=${open} onClick=${turn}>Replace</button>`}
        <${CancelButton} link=${link} orderId=${order.orderId} ended=${now.ended} requested=${order.cancelRequested} />
      </span>
    </header>
    ${open && known && html`<${ReplaceForm} link=${link} outbox=${outbox} story=${story} tokens=${tokens} close=${close} />`}`;
}

/** @param {{now: ReturnType<typeof standing>, order: any, tokens: Tokens}} props */
function Result({ now, order, tokens }) {
  if (now.receipt) return html`<${Receipt} receipt=${now.receipt} order=${order} tokens=${tokens} />`;
  if (!now.ended) return html`<div class="empty result-empty">The receipt comes with the swap.</div>`;
  return html`<p class="notice ${now.status === "ORDER_STATUS_FAILED" ? "bad" : ""}">${face(now.status).means}.
    ${now.failure && ` ${failed(now.failure)}.`}</p>`;
}

/** @param {{story: import("./following.js").Story, tokens: Tokens}} props */
function Chosen({ story, tokens }) {
  const { tokenIn, tokenOut } = story.order.spec;
  const route = routeOf(story);
  if (!route) return html`<div class="empty route-empty">The route is chosen when the order executes.</div>`;
  return html`<${RouteBody} route=${route} tokenIn=${tokenIn} tokenOut=${tokenOut} tokens=${tokens} candidates=${false} />`;
}

/** @param {{id: string, problem: import("../link.js").End}} props */
function Unknown({ id, problem }) {
  return html`<div class="panel empty" role="alert">
    <h1>${problem.code === "NOT_FOUND" || problem.code === "INVALID_ARGUMENT" ? "There is no such order" : "This order cannot be followed"}</h1>
    <p><code>${id}</code></p>
    <p>${problem.message}</p>
    <p><a href="#/">Back to trade</a></p>
  </div>`;
}

/** @param {{order: any, story: import("./following.js").Story, tokens: Tokens}} props */
function Terms({ order, story, tokens }) {
  const { spec } = order;
  const copy = (/** @type {string} */ text, /** @type {string} */ name) => text && html`<${Copyable} text=${text} name=${name} />`;
  return html`<${Facts} facts=${{
    Accepted: dateTime(order.createTime),
    ...conditions(spec),
    Slippage: spec.slippageBps !== undefined && bps(spec.slippageBps),
    "Least output": spec.minAmountOut && shown(spec.minAmountOut, spec.tokenOut, tokens),
    "Most input": spec.maxAmountIn && shown(spec.maxAmountIn, spec.tokenIn, tokens),
    "Most impact": spec.maxPriceImpactBps !== undefined && bps(spec.maxPriceImpactBps),
    Deadline: spec.deadline && dateTime(spec.deadline),
    "In the market until": spec.goodTillTime && dateTime(spec.goodTillTime),
    "Most legs": spec.routing?.maxLegs,
    "Most hops": spec.routing?.maxHops,
    "Only by": spec.routing?.includeVenues?.map(venueName).join(", "),
    "Not by": spec.routing?.excludeVenues?.map(venueName).join(", "),
    Floor: order.floorAmountOut && shown(order.floorAmountOut, spec.tokenOut, tokens),
    Ceiling: order.ceilingAmountIn && shown(order.ceilingAmountIn, spec.tokenIn, tokens),
    Filled: !order.receipt && order.filledAmountIn && `${shown(order.filledAmountIn, spec.tokenIn, tokens)} for ${shown(order.filledAmountOut, spec.tokenOut, tokens)}`,
    "Mid at arrival": order.arrivalMidPrice && price(order.arrivalMidPrice),
    Parent: order.parentOrderId && html`<a href=${orderPath(order.parentOrderId)}>the TWAP order</a>`,
    Reference: spec.clientOrderId,
    Order: copy(order.orderId, "order id"),
    Request: copy(order.requestId, "request id"),
    Signature: copy(signatureOf(story), "signature"),
    "Hash of the log": copy(hex(story.events.at(-1)?.hash ?? order.hash), "hash"),
  }} />`;
}

/** @param {any} spec */
function conditions({ limit, stop, takeProfit, trailingStop, scheduled, twap, sniper, oco }) {
  const trigger = (stop ?? takeProfit ?? oco?.stop)?.triggerPrice;
  const limitPrice = (limit ?? oco?.limit)?.limitPrice;
  return {
    "Limit price": limitPrice && price(limitPrice),
    "Trigger price": trigger && price(trigger),
    Trail: trailingStop && bps(trailingStop.trailBps),
    "Armed at": trailingStop?.activationPrice && price(trailingStop.activationPrice),
    "Executes at": scheduled && dateTime(scheduled.executeTime),
    Slices: twap && `${twap.slices}, one each ${twap.interval.replace("s", " s")}`,
    "Waits for": sniper && (sniper.trigger === "TRIGGER_LIQUIDITY_MIGRATED" ? "liquidity that moves venues" : "a new pool"),
  };
}

/** The last route that was chosen. @param {import("./following.js").Story} story */
function routeOf({ order, events }) {
  const event = events.findLast(({ building, submitted }) => building?.route ?? submitted?.route);
  return event?.submitted?.route ?? event?.building?.route ?? order.route;
}

/** @param {import("./following.js").Story} story */
function signatureOf({ order, events }) {
  return events.findLast(({ submitted }) => submitted)?.submitted.signature ?? order.signature;
}

/** @param {string | undefined} base64 */
function hex(base64) {
  return base64 ? Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("") : "";
}
