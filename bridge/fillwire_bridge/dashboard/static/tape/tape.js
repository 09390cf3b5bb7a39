// @ts-check
import { html, useMemo, useState } from "../html.js";
import { GROUPS, KEPT, matching, pairs } from "./book.js";
import { useTape } from "./live.js";
import { Row } from "./row.js";

/** @typedef {import("../link.js").Link} Link */

/** How many rows are drawn at first: a burst of orders must not hold the page up. */
const STEP = 100;

/** The account's orders as they go, newest first. @param {{link: Link, tokens: import("../order/described.js").Tokens}} props */
export function Tape({ link, tokens }) {
  const { book, read, problem, live } = useTape(link);
  const [filter, setFilter] = useState({ status: "", pair: "" });
  const [drawn, setDrawn] = useState(STEP);
  const rows = useMemo(() => matching(book, filter), [book, filter]);
  return html`<section class="panel tape" data-test="tape" aria-label="Orders">
    <header>
      <h2>Orders</h2>
      <${Live} live=${live} />
      <${Filters} book=${book} filter=${filter} set=${setFilter} />
    </header>
    ${problem && html`<p class="notice bad" role="alert">${problem}</p>`}
    ${rows.length === 0 && html`<div class="empty">${says(read, book.size)}</div>`}
    <ol class="tape-rows" onKeyDown=${move}>
      ${rows.slice(0, drawn).map((row) => html`<${Row} key=${row.orderId} link=${link} row=${row} tokens=${tokens} />`)}
    </ol>
    ${rows.length > drawn && html`<button class="button small" onClick=${() => setDrawn(drawn + STEP)}>Show more</button>`}
    ${book.size === KEPT && html`<p class="muted">The newest ${KEPT} orders are kept here.</p>`}
  </section>`;
}

/** "Live" only while the stream really stands. @param {{live: boolean}} props */
function Live({ live }) {
  return html`<span class="chip ${live ? "good" : ""}" data-test="live" data-live=${live}>
    <span aria-hidden="true">${live ? "●" : "○"}</span>${live ? "Live" : "Not live"}</span>`;
}

/** @param {{book: import("./book.js").Book, filter: {status: string, pair: string}, set: (filter: any) => void}} props */
function Filters({ book, filter, set }) {
  const choice = (/** @type {string} */ name, /** @type {string} */ all, /** @type {string[]} */ values) => html`
    <select class="input small" aria-label=${all} data-test="tape-${name}" value=${filter[/** @type {"status"} */ (name)]}
      onChange=${(/** @type {any} */ event) => set({ ...filter, [name]: event.target.value })}>
      <option value="">${all}</option>
      ${values.map((value) => html`<option key=${value} value=${value}>${value[0].toUpperCase() + value.slice(1)}</option>`)}
    </select>`;
  return html`<span class="push row">${choice("status", "All orders", Object.keys(GROUPS))}${choice("pair", "All pairs", pairs(book))}</span>`;
}

/** @param {boolean} read @param {number} known */
function says(read, known) {
  if (known) return "No order is like that.";
  return read ? "No orders yet. The first one you place appears here." : "Reading your orders…";
}

/** From one order to the next; `x` cancels the one that has the focus. @param {KeyboardEvent} event */
function move(event) {
  const row = /** @type {HTMLElement} */ (event.target).closest("li");
  if (event.key === "x") return /** @type {HTMLElement | null | undefined} */ (row?.querySelector('[data-test="cancel"]'))?.click();
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : event.key === "ArrowUp" ? row?.previousElementSibling : null;
  if (!next) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (next.querySelector("a"))?.focus();
}
