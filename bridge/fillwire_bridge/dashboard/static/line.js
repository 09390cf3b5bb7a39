// @ts-check
import { backoff } from "./backoff.js";

/** @typedef {"connecting" | "open" | "lost" | "denied"} State */

const PING_EVERY = 10_000;
const PONG_WITHIN = 5_000;
const READY_WITHIN = 10_000;
const NOT_AUTHENTICATED = 4401;

/**
 * One WebSocket after another, for as long as the page lives: says who calls, notices a dead connection, and replaces it.
 * Open only once the engine has accepted the token.
 */
export class Line {
  /** @type {State} */
  state = "connecting";
  /** When the state began, unix milliseconds. */
  since = Date.now();
  /** The account that the engine takes this page for. Empty: it has not said. */
  account = "";
  /** Why the last connection ended, for people. */
  reason = "";

  /** @type {WebSocket | null} */
  #socket = null;
  #token = "";
  #tries = 0;
  #greeted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #deadline;
  /** @type {(() => void)[]} */
  #undo = [];

  /**
   * @param {string} url
   * @param {{token?: string, heard: (message: any) => void, changed: (state: State, before: State) => void}} told
   */
  constructor(url, { token = "", heard, changed }) {
    this.url = url;
    this.heard = heard;
    this.changed = changed;
    this.#token = token;
    this.#watchPage();
    this.#connect();
  }

  /** Sends a message; tells whether there was a connection to send it on. @param {object} message */
  send(message) {
    if (this.state !== "open" || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Calls as somebody else from now on. @param {string} token */
  identify(token) {
    this.#token = token;
    this.#tries = 0;
    this.#drop();
    this.#enter("connecting");
    this.#connect();
  }

  /** Does not wait any longer for the next try. */
  retry() {
    if (this.state === "lost") this.#connect();
  }

  /** The token is of no use any more. @param {string} reason */
  deny(reason) {
    this.#drop();
    this.reason = reason;
    this.#enter("denied");
  }

  /** For ever. */
  close() {
    for (const undo of this.#undo) undo();
    this.#drop();
    this.reason = "closed by this page";
    this.#enter("lost");
  }

  #connect() {
    this.#drop();
    const socket = new WebSocket(this.url, "fillwire.v1+json");
    this.#socket = socket;
    this.#greeted = false;
    socket.onopen = () => this.#greet();
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.#lost(code, reason);
    this.#expect(READY_WITHIN, "the bridge does not answer");
  }

  #greet() {
    // A page that slept while the socket opened finds it closed: then nobody has refused its token.
    this.#greeted = this.#socket?.readyState === 1;
    if (this.#greeted) this.#socket?.send(JSON.stringify({ hello: this.#token ? { token: this.#token } : {} }));
  }

  /** @param {any} message */
  #hear(message) {
    // Whatever comes shows that the other side lives; the answer to hello alone shows that it accepts this page.
    if (this.state === "open") clearTimeout(this.#deadline);
    if (message.ready) this.#ready(message.ready);
    else if (!message.pong) this.heard(message);
  }

  /** @param {{accountId?: string}} ready */
  #ready({ accountId = "" }) {
    clearTimeout(this.#deadline);
    this.#tries = 0;
    this.account = accountId;
    this.reason = "";
    this.#enter("open");
  }

  /** @param {number} code @param {string} reason */
  #lost(code, reason) {
    if (code === NOT_AUTHENTICATED && this.#greeted) return this.deny(reason || "the engine asks for a key");
    this.#drop();
    this.reason = reason || (code === 1001 ? "the bridge is restarting" : "the bridge cannot be reached");
    this.#tries += 1;
    this.#next = setTimeout(() => this.#connect(), backoff(this.#tries));
    this.#enter("lost");
  }

  #ping() {
    if (this.state === "lost") return this.retry();
    if (this.send({ ping: {} })) this.#expect(PONG_WITHIN, "the bridge does not answer");
  }

  /** @param {number} millis @param {string} reason */
  #expect(millis, reason) {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#lost(0, reason), millis);
  }

  /** Lets the socket go; what it still says is heard by nobody. */
  #drop() {
    clearTimeout(this.#next);
    clearTimeout(this.#deadline);
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  /** @param {State} state */
  #enter(state) {
    if (state === this.state) return;
    const before = this.state;
    this.state = state;
    this.since = Date.now();
    this.changed(state, before);
  }

  #watchPage() {
    const pinging = setInterval(() => page()?.visibilityState !== "hidden" && this.#ping(), PING_EVERY);
    this.#undo.push(() => clearInterval(pinging));
    this.#on(page(), "visibilitychange", () => page()?.visibilityState === "visible" && this.#ping());
    this.#on(globalThis, "online", () => this.#ping());
    this.#on(globalThis, "offline", () => this.state !== "denied" && this.#lost(0, "this machine is offline"));
  }

  /** @param {EventTarget | undefined} target @param {string} name @param {() => void} listener */
  #on(target, name, listener) {
    target?.addEventListener?.(name, listener);
    this.#undo.push(() => target?.removeEventListener?.(name, listener));
  }
}

/** @returns {Document | undefined} absent where there is no page, as in tests */
function page() {
  return globalThis.document;
}
