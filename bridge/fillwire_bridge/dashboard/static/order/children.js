// @ts-check
import { clock } from "../format.js";
import { html, useEffect, useState } from "../html.js";
import { orderPath } from "../shell/places.js";
import { StatusChip } from "./chip.js";
import { shown } from "./described.js";

/**
 * The slices of a TWAP order that have begun, newest first; read again with each event of their parent.
 * @param {{link: import("../link.js").Link, order: any, seq: number, tokens: import("./described.js").Tokens}} props
 */
export function Children({ link, order, seq, tokens }) {
  const [children, setChildren] = useState(/** @type {any[]} */ ([]));
  useEffect(() => {
    const request = { parentOrderId: order.orderId, pageSize: 200 };
    link.call("OrderService/ListOrders", request).then(({ orders = [] }) => setChildren(orders), () => {});
  }, [link, order.orderId, seq]);
  return html`<section class="panel">
    <header><h2>Slices</h2><span class="muted push">${children.length} of ${order.spec.twap.slices}</span></header>
    ${children.length === 0 && html`<div class="empty">None has begun yet.</div>`}
    <ol class="children">${children.map((child) => html`<li key=${child.orderId}>
      <a href=${orderPath(child.orderId)}>${clock(child.createTime, { millis: false })}</a>
      <${StatusChip} status=${child.status} />
      <span class="number push">${child.receipt ? shown(child.receipt.amountOut, child.spec.tokenOut, tokens) : "–"}</span>
    </li>`)}</ol>
  </section>`;
}
