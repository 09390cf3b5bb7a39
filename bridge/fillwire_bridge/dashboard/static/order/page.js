// @ts-check
import { bps, dateTime, price } from "../format.js";
import { html } from "../html.js";
import { RouteBody } from "../route/panel.js";
import { orderPath } from "../shell/places.js";
import { face, typeName } from "../statuses.js";
import { CancelButton } from "./cancelling.js";
import { Children } from "./children.js";
import { StatusChip } from "./chip.js";
import { asked, failed, shown } from "./described.js";
import { Copyable, Facts } from "./facts.js";
import { lastSeq, standing, useStory } from "./following.js";
import { Raw } from "./raw.js";
import { Receipt } from "./receipt.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./described.js").Tokens} Tokens */

/** All that is known of one order. @param {{link: import("../link.js").Link, tokens: Tokens, params: Record<string, string>}} props */
export function OrderPage({ link, tokens, params }) {
  const story = useStory(link, params.id ?? "");
  const { order, problem } = story;
  if (problem) return html`<${Unknown} id=${params.id} problem=${problem} />`;
  if (!order) return html`<div class="panel empty">Reading the order…</div>`;
  const now = standing(story);
  return html`<div class="stack">
    <${Head} link=${link} order=${order} now=${now} tokens=${tokens} />
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

/** @param {{link: any, order: any, now: ReturnType<typeof standing>, tokens: Tokens}} props */
function Head({ link, order, now, tokens }) {
  return html`<header class="order-head">
    <h1>${typeName(order.spec)}: ${asked(order.spec, tokens)}</h1>
    <span role="status"><${StatusChip} status=${now.status} /></span>
    <span class="push"><${CancelButton} link=${link} orderId=${order.orderId} ended=${now.ended} requested=${order.cancelRequested} /></span>
  </header>`;
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
