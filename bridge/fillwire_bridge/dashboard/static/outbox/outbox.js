// @ts-check
import { insist } from "./insist.js";
import { requestId } from "./request_id.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {"sending" | "again" | "unsure" | "answered" | "refused"} Phase */
/**
 * @typedef {object} Press one press of a form's button
 * @property {string} form which form: "ticket", or that of an order; it has one press at a time
 * @property {string} method "OrderService/SubmitOrder"
 * @property {any} request with the request id of this press
 * @property {string} account whom the page called as when it was pressed
 * @property {string} title what it was to do, for people
 * @property {any} entered what stood in the form
 * @property {Phase} phase
 * @property {string} [why] with `unsure`: why nobody can say what became of it, for people
 * @property {any} [order] with `answered`: the order
 * @property {import("../call_error.js").CallError} [error] with `refused`
 */
/** @typedef {Pick<Press, "form" | "method" | "request" | "title" | "entered">} Asked */
/** @typedef {{read: () => Press[], write: (open: Press[]) => void}} Store where what is not answered outlives the page */

const RELOADED = "This page was loaded again before the engine had answered";

/** @type {Store} */
const NOWHERE = { read: () => [], write: () => {} };

/**
 * What people have pressed and the engine has not answered. Each press has one request id, and is sent again with it in
 * whatever view the page is: it cannot be carried out twice. Where no answer comes for a minute, or the page was loaded
 * again, it is `unsure`, and the person decides.
 */
export class Outbox {
  /** @type {Map<string, Press>} */
  #presses = new Map();
  /** @type {Map<string, Set<(press: Press | null) => void>>} */
  #forms = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #link;
  #store;

  /** @param {Link} link @param {Store} [store] */
  constructor(link, store = NOWHERE) {
    this.#link = link;
    this.#store = store;
    for (const press of store.read()) this.#presses.set(press.form, { ...press, phase: "unsure", why: RELOADED });
  }

  /** The press of a form that is not settled. @param {string} form @returns {Press | null} */
  of(form) {
    return this.#presses.get(form) ?? null;
  }

  /** Those whose form is not on the page, where nobody would see what becomes of them. @returns {Press[]} */
  loose() {
    return [...this.#presses.values()].filter(({ form }) => !this.#forms.has(form));
  }

  /** Sends what a form asks for; nothing where its last press is not settled. @param {Asked} asked */
  press({ request, ...asked }) {
    if (this.#presses.has(asked.form)) return;
    const press = { ...asked, request: { ...request, requestId: requestId() }, account: this.#link.account };
    this.#send({ ...press, phase: "sending" });
  }

  /** Asks for the answer of an unsure press. @param {Press} press */
  again(press) {
    if (this.of(press.form) === press) this.#send({ ...press, phase: "again", why: undefined }, { doubtful: true });
  }

  /** Lets a press be, whatever becomes of it. @param {Press} press */
  settle(press) {
    if (this.#is(press)) this.#enter(press.form, null);
  }

  /**
   * A form is on the page, and tells about its press itself.
   * @param {string} form
   * @param {(press: Press | null) => void} changed
   * @returns {() => void} ends it
   */
  attach(form, changed) {
    const attached = this.#forms.get(form) ?? new Set();
    this.#forms.set(form, attached.add(changed));
    this.#tell();
    return () => {
      attached.delete(changed);
      if (!attached.size) this.#forms.delete(form);
      this.#tell();
    };
  }

  /** Has `callback` called when `loose` may have changed. @param {() => void} callback @returns {() => void} ends it */
  onChange(callback) {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** @param {Press} press @param {{doubtful?: boolean}} [before] */
  async #send(press, { doubtful = false } = {}) {
    this.#enter(press.form, press);
    const again = () => this.#is(press) && this.#enter(press.form, { ...press, phase: "again" });
    const { order, error, unsure } = await insist(this.#link, press, { going: () => this.#is(press), again, doubtful });
    if (!this.#is(press)) return;
    if (unsure) this.#enter(press.form, { ...press, phase: "unsure", why: unsure });
    else this.#enter(press.form, { ...press, ...(error ? { phase: "refused", error } : { phase: "answered", order }) });
  }

  /** Whether this is still the press of its form, in whatever phase. @param {Press} press */
  #is({ form, request }) {
    return this.of(form)?.request.requestId === request.requestId;
  }

  /** @param {string} form @param {Press | null} press */
  #enter(form, press) {
    if (press) this.#presses.set(form, press);
    else this.#presses.delete(form);
    this.#store.write([...this.#presses.values()].filter(({ phase }) => phase !== "answered" && phase !== "refused"));
    for (const changed of this.#forms.get(form) ?? []) changed(press);
    this.#tell();
  }

  #tell() {
    for (const callback of [...this.#listeners]) callback();
  }
}
