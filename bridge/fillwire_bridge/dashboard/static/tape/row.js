// @ts-check
import { ago, clock, price } from "../format.js";
import { Component, html } from "../html.js";
import { CancelButton } from "../order/cancelling.js";
import { StatusChip } from "../order/chip.js";
import { shown } from "../order/described.js";
import { orderPath } from "../shell/places.js";
import { isFinal, shortStatus, typeName } from "../statuses.js";

/** The order's page has the rest. */
const PLACES = 4;

/** @typedef {{link: import("../link.js").Link, row: import("./book.js").Row, tokens: import("../order/described.js").Tokens}} Props */

/** One order of the tape; drawn again only when something became of it. @extends {Component<Props>} */
export class Row extends Component {
  /** @param {Props} next */
  shouldComponentUpdate(next) {
    return next.row !== this.props.row || next.tokens !== this.props.tokens;
  }

  /** @param {Props} props */
  render({ link, row, tokens }) {
    const { orderId, status, began, attempt, spec, receipt } = row;
    const at = new Date(began).toISOString();
    return html`<li class="tape-row" data-test="tape-row" data-order-id=${orderId} data-status=${shortStatus(status)}>
      <a class="tape-what" href=${orderPath(orderId)} title=${orderId}>${what(row, tokens)}</a>
      <time class="tape-time muted" datetime=${at} title=${`${at}, ${ago(at)}`}>${clock(began, { millis: false })}</time>
      <span class="tape-type muted">${spec ? typeName(spec) : "…"}${attempt > 1 ? ` · attempt ${attempt}` : ""}</span>
      <span class="tape-status"><${StatusChip} status=${status} /></span>
      <span class="tape-price number">${receipt ? html`<span class="hidden">filled at </span>${price(receipt.price)}` : "–"}</span>
      <span class="tape-cancel">${!isFinal(status) && html`<${CancelButton} link=${link} orderId=${orderId} ended=${false} />`}</span>
    </li>`;
  }
}

/** @param {import("./book.js").Row} row @param {import("../order/described.js").Tokens} tokens */
function what({ spec, tokenIn, tokenOut, receipt }, tokens) {
  if (!spec) return html`<strong>${tokenIn}</strong> → <strong>${tokenOut}</strong>`;
  const [sold, bought] = [receipt?.amountIn ?? spec.amountIn, receipt?.amountOut ?? spec.amountOut];
  const given = sold ? shown(sold, tokenIn, tokens, PLACES) : tokenIn;
  return html`<strong>${given}</strong> <span class="muted">→</span> <strong>${bought ? shown(bought, tokenOut, tokens, PLACES) : tokenOut}</strong>`;
}
