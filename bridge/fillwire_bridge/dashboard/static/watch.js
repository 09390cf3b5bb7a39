// @ts-check
import { backoff } from "./backoff.js";

/** @typedef {import("./link.js").Heard} Heard */
/** @typedef {import("./link.js").End} End */

const WORTH_ANOTHER_TRY = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED"]);

/** A stream that is called again, after a pause, for as long as nobody says that it has ended. */
export class Watch {
  #id = "";
  #tries = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #forget;

  /**
   * @param {import("./link.js").Link} link
   * @param {string} method
   * @param {object | (() => object)} request
   * @param {Heard} heard
   */
  constructor(link, method, request, { message = () => {}, end = () => {} }) {
    this.link = link;
    this.method = method;
    this.request = request;
    this.heard = { message, end };
    this.#forget = link.onState((state, before) => {
      if (state === "open" && before !== "open") this.#begin();
    });
    this.#begin();
  }

  stop() {
    this.#leave();
    this.link.cancel(this.#id);
  }

  #begin() {
    clearTimeout(this.#next);
    const request = typeof this.request === "function" ? this.request() : this.request;
    this.#id = this.link.start(this.method, request, {
      message: (message) => this.#message(message),
      end: (status) => this.#end(status),
    });
  }

  /** @param {any} message */
  #message(message) {
    this.#tries = 0;
    this.link.noteSilence(this, false);
    this.heard.message?.(message);
  }

  /** @param {End} status */
  #end(status) {
    // A lost connection comes back by itself, and the watch with it; so does one with another key.
    if (this.link.state !== "open" || status.code === "UNAUTHENTICATED") return;
    if (!WORTH_ANOTHER_TRY.has(status.code)) {
      this.#leave();
      return this.heard.end?.(status);
    }
    this.link.noteSilence(this, true);
    this.#tries += 1;
    this.#next = setTimeout(() => this.#begin(), backoff(this.#tries));
  }

  #leave() {
    clearTimeout(this.#next);
    this.#forget();
    this.link.noteSilence(this, false);
  }
}
