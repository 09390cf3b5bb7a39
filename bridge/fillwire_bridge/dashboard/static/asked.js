// @ts-check
import { useEffect, useRef, useState } from "./html.js";

/** @typedef {import("./link.js").Link} Link */
/**
 * `answer` is the last one that came, `null` before the first; `current`, whether it is the answer to this very request;
 * `failure`, why there has been none since.
 * @template T
 * @typedef {{answer: T | null, failure: import("./link.js").CallError | null, current: boolean}} Asked
 */

/**
 * What the engine answers to a request, asked when the request changes, at each connection, and every so often while the
 * page is seen.
 * @template T
 * @param {Link} link
 * @param {string} method
 * @param {object} request
 * @param {{every?: number, heard?: (answer: T) => void}} [how] `every`: milliseconds, 0 is never; `heard` gets each answer
 * @returns {Asked<T> & {ask: () => void}} `ask` asks at once
 */
export function useAsked(link, method, request, { every = 0, heard } = {}) {
  const key = JSON.stringify([method, request]);
  const [told, setTold] = useState(/** @type {any} */ ({ answer: null, failure: null, key: "" }));
  const asking = useRef(/** @type {Asking | null} */ (null));
  useEffect(() => {
    const settle = (/** @type {any} */ answer) => (heard?.(answer), setTold({ answer, failure: null, key }));
    const fail = (/** @type {any} */ failure) => setTold((/** @type {any} */ before) => ({ ...before, failure }));
    const one = new Asking(() => link.call(method, request).then(settle, fail), every);
    asking.current = one;
    const forget = link.onState((state, before) => state === "open" && before !== "open" && one.ask());
    return () => (forget(), one.stop());
  }, [link, key, every]);
  const { answer, failure } = told;
  return { answer, failure, current: told.key === key, ask: () => asking.current?.ask() };
}

/** Asks one after the other, and not while nobody looks. */
class Asking {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #busy = false;
  #again = false;
  #stopped = false;
  #seen = () => !document.hidden && this.#every && this.ask();
  #call;
  #every;

  /** @param {() => Promise<void>} call settles in any case @param {number} every */
  constructor(call, every) {
    this.#call = call;
    this.#every = every;
    document.addEventListener("visibilitychange", this.#seen);
    this.ask();
  }

  /** @returns {Promise<void>} */
  async ask() {
    if (this.#busy) return void (this.#again = true);
    clearTimeout(this.#next);
    this.#busy = true;
    await this.#call();
    this.#busy = false;
    if (this.#stopped) return;
    if (this.#again) {
      this.#again = false;
      return this.ask();
    }
    if (this.#every && !document.hidden) this.#next = setTimeout(() => this.ask(), this.#every);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#next);
    document.removeEventListener("visibilitychange", this.#seen);
  }
}
