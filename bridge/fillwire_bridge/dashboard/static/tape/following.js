// @ts-check
import { entered, unread } from "./book.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("../link.js").CallError} CallError */
/** @typedef {{book: import("./book.js").Book, read: boolean, problem: string}} Seen */

const GATHER = 80;
const READ_AFTER = 400;
const PAGE = 200;
const PAGES = 3;

/**
 * Follows an account's orders: the past by ListOrders, and from now on by WatchOrders. The list is asked for only once the
 * stream stands, so nothing falls between them. Events come in bursts, and are entered a burst at a time.
 */
export class Following {
  /** @type {import("./book.js").Book} */
  #book = new Map();
  #cursor = "";
  /** @type {any[]} */
  #gathered = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #entering;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reading;
  #stop = () => {};

  /** @param {Link} link @param {{seen: (seen: Seen) => void, stands: () => void}} told */
  constructor(link, told) {
    this.link = link;
    this.told = told;
    this.#follow();
  }

  stop() {
    clearTimeout(this.#entering);
    clearTimeout(this.#reading);
    this.told = { seen: () => {}, stands: () => {} };
    this.#stop();
  }

  #follow() {
    this.#stop = this.link.watch("OrderService/WatchOrders", () => ({ cursor: this.#cursor, heartbeatInterval: "5s" }), {
      message: (frame) => this.#hear(frame),
      end: ({ code, message }) => (code === "OUT_OF_RANGE" ? this.#afresh() : this.#show(message ?? code)),
    });
  }

  /** The cursor is of another account or database: what was read before is not of this one. */
  #afresh() {
    this.#cursor = "";
    this.#gathered = [];
    this.#book = new Map();
    this.#follow();
  }

  /** @param {any} frame */
  #hear({ event, cursor = "" }) {
    this.told.stands();
    if (!this.#cursor) this.#read();
    this.#cursor = cursor;
    if (!event) return;
    this.#gathered.push(event);
    this.#entering ??= setTimeout(() => this.#enter(), GATHER);
  }

  #enter() {
    this.#entering = undefined;
    this.#book = entered(this.#book, { events: this.#gathered.splice(0) });
    this.#show();
    // Events do not tell the amounts of a new order: it is read, and many with one question.
    if (unread(this.#book).length) this.#reading ??= setTimeout(() => this.#read(), READ_AFTER);
  }

  /** The newest orders, and older ones as long as some are not known but by their events. */
  async #read() {
    clearTimeout(this.#reading);
    this.#reading = undefined;
    try {
      let pageToken = "";
      for (let page = 0; page === 0 || (pageToken && unread(this.#book).length && page < PAGES); page++) {
        const answer = await this.link.call("OrderService/ListOrders", { pageSize: PAGE, pageToken });
        this.#book = entered(this.#book, { orders: answer.orders });
        pageToken = answer.nextPageToken;
        this.#show();
      }
    } catch (error) {
      const { unknown, message } = /** @type {CallError} */ (error);
      // The next frame, at the latest a heartbeat, has it read again.
      if (unknown) this.#cursor = "";
      else this.#show(message);
    }
  }

  #show(problem = "") {
    this.told.seen({ book: this.#book, read: true, problem });
  }
}
