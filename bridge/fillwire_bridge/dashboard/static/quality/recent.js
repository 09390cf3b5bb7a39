// @ts-check
import { useEffect, useState } from "../html.js";
import { endedOf, merged } from "./ended.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("./ended.js").Ended} Ended */
/** `since`: accepted at or after it, RFC 3339. @typedef {{since: string, tokenIn?: string, tokenOut?: string}} Wanted */
/** `orders`: newest first, `null` before the first answer. @typedef {{orders: Ended[] | null, failure: any}} Recent */

/** So many orders at most. */
export const MOST = 400;
const PAGE = 100;
const MOST_AT_ONCE = 50;
const AGAIN_AFTER = 2000;
const FINAL = ["CONFIRMED", "FAILED", "CANCELLED", "EXPIRED"].map((status) => `ORDER_STATUS_${status}`);

/**
 * The account's last orders that have ended, and those that end from now on.
 * @param {Link} link
 * @param {Wanted} wanted
 * @param {() => void} onEnd called when more have ended
 * @returns {Recent}
 */
export function useRecent(link, wanted, onEnd) {
  const [recent, setRecent] = useState(/** @type {Recent} */ ({ orders: null, failure: null }));
  const key = JSON.stringify(wanted);
  useEffect(() => {
    const following = new Following(link, wanted, setRecent, onEnd);
    return () => following.stop();
  }, [link, key]);
  return recent;
}

/** The stream says which order has ended; what became of it is read, since an event does not tell all of it. */
export class Following {
  /** @type {Ended[] | null} */
  #orders = null;
  /** Orders that have ended and were not read since. @type {Set<string>} */
  #unread = new Set();
  #cursor = "";
  #stopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #stop = () => {};
  #link;
  #wanted;
  #told;
  #onEnd;

  /** @param {Link} link @param {Wanted} wanted @param {(recent: Recent) => void} told @param {() => void} onEnd */
  constructor(link, wanted, told, onEnd) {
    this.#link = link;
    this.#wanted = wanted;
    this.#told = told;
    this.#onEnd = onEnd;
    this.#follow();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#due);
    this.#stop();
  }

  /** The first frame comes before anything is read, so nothing ends unseen between the two. */
  #follow() {
    const { tokenIn, tokenOut } = this.#wanted;
    const request = () => ({ tokenIn, tokenOut, terminalOnly: true, cursor: this.#cursor });
    this.#stop = this.#link.watch("OrderService/WatchOrders", request, {
      message: (frame) => this.#hear(frame),
      end: (status) => this.#end(status),
    });
  }

  /** @param {{cursor: string, event?: {orderId: string}}} frame */
  #hear({ cursor, event }) {
    this.#cursor = cursor;
    if (event) this.#unread.add(event.orderId);
    if (event || !this.#orders) this.#due ??= setTimeout(() => this.#read(), this.#orders ? AGAIN_AFTER : 0);
  }

  /** @param {import("../link.js").End} status */
  #end(status) {
    if (status.code !== "OUT_OF_RANGE" || !this.#cursor) return this.#tell(status);
    // Another database answers now: all is read again.
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#unread.clear();
    this.#cursor = "";
    this.#orders = null;
    this.#follow();
  }

  async #read() {
    const ids = [...this.#unread];
    this.#unread.clear();
    const known = this.#orders;
    const { news, failure } = await this.#news(known, ids).then((news) => ({ news, failure: null }), (failure) => ({ news: [], failure }));
    if (this.#stopped || this.#orders !== known) return;
    if (failure) ids.forEach((id) => this.#unread.add(id));
    else this.#orders = merged(known ?? [], news, MOST);
    const again = failure || this.#unread.size;
    this.#due = again ? setTimeout(() => this.#read(), AGAIN_AFTER) : undefined;
    this.#tell(failure);
    if (known && !failure) this.#onEnd();
  }

  /** @param {Ended[] | null} known @param {string[]} ids @returns {Promise<Ended[]>} */
  async #news(known, ids) {
    if (!known || ids.length > MOST_AT_ONCE) return this.#listed(new Set(known?.map(({ orderId }) => orderId)));
    const answers = await Promise.all(ids.map((orderId) => this.#link.call("OrderService/GetOrder", { orderId })));
    return endedOf(answers.map(({ order }) => order));
  }

  /** The newest, back to a page with one that is known. @param {ReadonlySet<string>} known */
  async #listed(known) {
    const { since, ...tokens } = this.#wanted;
    const filters = { ...tokens, statuses: FINAL, createTimeFrom: since, pageSize: PAGE };
    /** @type {Ended[]} */
    const found = [];
    for (let pageToken = ""; ; ) {
      const { orders = [], nextPageToken = "" } = await this.#link.call("OrderService/ListOrders", { ...filters, pageToken });
      const page = endedOf(orders);
      found.push(...page);
      pageToken = nextPageToken;
      if (!pageToken || found.length >= MOST || page.some(({ orderId }) => known.has(orderId))) return found;
    }
  }

  /** @param {any} failure */
  #tell(failure) {
    this.#told({ orders: this.#orders, failure });
  }
}
