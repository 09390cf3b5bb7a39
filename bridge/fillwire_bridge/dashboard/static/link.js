// @ts-check
import { CallError } from "./call_error.js";
import { Line } from "./line.js";
import { Watch } from "./watch.js";

export { CallError };

/** @typedef {import("./line.js").State} State */
/** @typedef {{code: string, message?: string, details?: any[]}} End */
/** @typedef {{message?: (message: any) => void, end?: (status: End) => void}} Heard */

const CONNECTED_WITHIN = 10_000;
const ANSWERED_WITHIN = 30_000;
const LOST = { code: "UNAVAILABLE", message: "The connection was lost before the answer came" };

/** All calls and watches of a page, over one WebSocket that is replaced when it is lost. */
export class Link {
  #line;
  /** @type {Map<string, Required<Heard>>} */
  #calls = new Map();
  /** @type {Set<(state: State, before: State) => void>} */
  #listeners = new Set();
  /** @type {Set<Watch>} */
  #silent = new Set();
  #count = 0;
  #silentSince = 0;

  /** @param {string} url @param {{token?: string}} [options] */
  constructor(url, { token = "" } = {}) {
    const heard = (/** @type {any} */ message) => this.#hear(message);
    const changed = (/** @type {State} */ state, /** @type {State} */ before) => this.#changed(state, before);
    this.#line = new Line(url, { token, heard, changed });
  }

  get state() {
    return this.#line.state;
  }

  /** When the state began, unix milliseconds. */
  get since() {
    return this.#line.since;
  }

  /** Why the connection is lost or denied, for people. */
  get reason() {
    return this.#line.reason;
  }

  /** The account that the engine takes this page for. */
  get account() {
    return this.#line.account;
  }

  /** Since when the bridge answers but the engine behind it does not, unix milliseconds. 0: the engine answers. */
  get engineSilentSince() {
    return this.state === "open" ? this.#silentSince : 0;
  }

  /**
   * Has `callback` called with the state, and the one before, at every change of them or of `engineSilentSince`.
   * @param {(state: State, before: State) => void} callback
   * @returns {() => void} ends it
   */
  onState(callback) {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /**
   * One answer to one request; waits for the connection for up to 10 s. Rejects with `CallError`.
   * @param {string} method "OrderService/GetOrder"
   * @param {object} request
   * @param {{as?: string}} [options] `as`: the account that it is for; nothing is sent where the page calls as another one
   * @returns {Promise<any>}
   */
  async call(method, request, { as } = {}) {
    await this.#connected();
    if (as !== undefined && as !== this.account) throw new CallError({ code: "UNAUTHENTICATED", message: foreign(as, this.account) });
    return new Promise((resolve, reject) => this.#ask(method, request, resolve, reject));
  }

  /**
   * Follows a stream until it ends, over as many connections as that takes.
   * @param {string} method "OrderService/WatchOrder"
   * @param {object | (() => object)} request a function is called anew at every connection: that is how a watch resumes
   * @param {Heard} heard
   * @returns {() => void} ends it
   */
  watch(method, request, heard) {
    const watch = new Watch(this, method, request, heard);
    return () => watch.stop();
  }

  /**
   * Starts a call where there is a connection, and leaves what to do about its loss to the caller.
   * @param {string} method
   * @param {object} request
   * @param {Required<Heard>} heard
   * @returns {string} its id; empty: there is no connection
   */
  start(method, request, heard) {
    const id = String(++this.#count);
    if (!this.#line.send({ id, call: method, request })) return "";
    this.#calls.set(id, heard);
    return id;
  }

  /** @param {string} id */
  cancel(id) {
    if (this.#calls.delete(id)) this.#line.send({ id, cancel: {} });
  }

  /** A watch tells whether the engine answers it. @param {Watch} watch @param {boolean} silent */
  noteSilence(watch, silent) {
    const before = this.#silent.size;
    if (silent) this.#silent.add(watch);
    else this.#silent.delete(watch);
    if ((before === 0) === (this.#silent.size === 0)) return;
    this.#silentSince = silent ? Date.now() : 0;
    this.#tell(this.state, this.state);
  }

  /** Calls as the holder of `token` from now on. @param {string} token */
  identify(token) {
    this.#line.identify(token);
  }

  /** Does not wait for the next try. */
  retry() {
    this.#line.retry();
  }

  /** For ever. */
  close() {
    this.#line.close();
  }

  /** @param {string} method @param {object} request @param {(answer: any) => void} resolve @param {(error: CallError) => void} reject */
  #ask(method, request, resolve, reject) {
    let answer = {};
    const late = setTimeout(() => {
      this.cancel(id);
      reject(new CallError({ code: "DEADLINE_EXCEEDED", message: "The engine took too long to answer" }));
    }, ANSWERED_WITHIN);
    const message = (/** @type {any} */ it) => (answer = it);
    const end = (/** @type {End} */ status) => {
      clearTimeout(late);
      if (status.code === "OK") resolve(answer);
      else reject(new CallError(status));
    };
    const id = this.start(method, request, { message, end });
    if (!id) end(LOST);
  }

  /** @returns {Promise<void>} */
  #connected() {
    if (this.state === "open") return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => settle("late"), CONNECTED_WITHIN);
      const settle = (/** @type {State | "late"} */ state) => {
        if (state !== "open" && state !== "denied" && state !== "late") return;
        clearTimeout(late);
        forget();
        if (state === "open") resolve();
        else reject(new CallError({ code: state === "late" ? "UNAVAILABLE" : "UNAUTHENTICATED", message: this.reason }));
      };
      const forget = this.onState(settle);
      settle(this.state);
    });
  }

  /** @param {any} message */
  #hear({ id, message, end }) {
    const call = this.#calls.get(id);
    if (message) call?.message(message);
    if (!end) return;
    this.#calls.delete(id);
    call?.end(end);
    if (end.code === "UNAUTHENTICATED") this.#line.deny(end.message ?? "the key is no longer accepted");
  }

  /** @param {State} state @param {State} before */
  #changed(state, before) {
    if (before === "open") this.#loseCalls();
    this.#tell(state, before);
  }

  #loseCalls() {
    const lost = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of lost) call.end(LOST);
  }

  /** @param {State} state @param {State} before */
  #tell(state, before) {
    for (const callback of [...this.#listeners]) callback(state, before);
  }
}

/** @param {string} before @param {string} now */
function foreign(before, now) {
  return `This was asked for as the account ${before}, and this page calls as ${now} now`;
}
