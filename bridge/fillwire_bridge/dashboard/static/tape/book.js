// @ts-check
import { isFinal } from "../statuses.js";

/** How many orders the tape keeps. */
export const KEPT = 500;

/**
 * @typedef {object} Row an order as the tape knows it
 * @property {string} orderId
 * @property {number} seq of the last thing known of it
 * @property {string} status
 * @property {string} time when that was
 * @property {number} began when it was accepted, unix milliseconds; of one that was never read, when it was first heard of
 * @property {number} attempt
 * @property {string} tokenIn
 * @property {string} tokenOut
 * @property {any} spec `null`: only events are known of it yet
 * @property {any} receipt
 */

/** @typedef {Map<string, Row>} Book newest order first */

/**
 * The book with what a stream and a list have said; of each order the later word counts. The same book where nothing is new.
 * @param {Book} book
 * @param {{orders?: any[], events?: any[]}} told
 * @returns {Book}
 */
export function entered(book, { orders = [], events = [] }) {
  const rows = new Map(book);
  let changed = false;
  for (const row of [...orders.map(ofOrder), ...events.map(ofEvent)]) {
    const merged = later(rows.get(row.orderId), row);
    changed ||= merged !== rows.get(row.orderId);
    rows.set(row.orderId, merged);
  }
  return changed ? new Map([...rows].sort(([, a], [, b]) => b.began - a.began).slice(0, KEPT)) : book;
}

/** @param {Book} book the orders of which only events are known */
export function unread(book) {
  return [...book.values()].filter(({ spec }) => spec === null).map(({ orderId }) => orderId);
}

/**
 * @param {Book} book
 * @param {{status: string, pair: string}} filter empty: all
 * @returns {Row[]}
 */
export function matching(book, { status, pair }) {
  return [...book.values()].filter((row) => (!status || GROUPS[status](row)) && (!pair || pairOf(row) === pair));
}

/** @param {Book} book @returns {string[]} */
export function pairs(book) {
  return [...new Set([...book.values()].map(pairOf))].sort();
}

/** What the tape can be narrowed to. @type {Record<string, (row: Row) => boolean>} */
export const GROUPS = {
  open: ({ status }) => !isFinal(status),
  resting: ({ status }) => status === "ORDER_STATUS_RESTING",
  confirmed: ({ status }) => status === "ORDER_STATUS_CONFIRMED",
  failed: ({ status }) => status === "ORDER_STATUS_FAILED",
  withdrawn: ({ status }) => status === "ORDER_STATUS_CANCELLED" || status === "ORDER_STATUS_EXPIRED",
};

/** @param {Row} row */
export function pairOf({ tokenIn, tokenOut }) {
  return `${tokenIn}/${tokenOut}`;
}

/** @param {any} order @returns {Row} */
function ofOrder(order) {
  return {
    orderId: order.orderId,
    seq: Number(order.lastSeq ?? 0),
    status: order.status,
    time: order.updateTime,
    began: new Date(order.createTime).getTime(),
    attempt: order.attempt ?? 0,
    tokenIn: order.spec.tokenIn,
    tokenOut: order.spec.tokenOut,
    spec: order.spec,
    receipt: order.receipt ?? null,
  };
}

/** @param {any} event @returns {Row} */
function ofEvent(event) {
  const { orderId, seq, status, time, attempt = 0, tokenIn, tokenOut, receipt = null, replaced } = event;
  const spec = replaced?.spec ?? null;
  return { orderId, seq: Number(seq), status, time, began: new Date(time).getTime(), attempt, tokenIn, tokenOut, spec, receipt };
}

/** @param {Row | undefined} known @param {Row} told @returns {Row} */
function later(known, told) {
  if (!known) return told;
  const [newer, older] = told.seq > known.seq ? [told, known] : [known, told];
  const spec = newer.spec ?? older.spec;
  const began = Math.min(newer.began, older.began);
  if (newer === known && spec === known.spec && began === known.began) return known;
  return { ...newer, spec, began, receipt: newer.receipt ?? older.receipt };
}
