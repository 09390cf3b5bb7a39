/** One WebSocket to the bridge, the calls that are open on it, and the pings that notice when it is dead. */
import type { JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import { errorOf, lost } from "./ends.js";
import { LARGEST, read, SUBPROTOCOL, type Heard, type Said } from "./frames.js";
import { Inbox } from "./inbox.js";
import type { WebSocketConstructor, WebSocketLike } from "./web-socket.js";

/** How a socket is opened and kept. */
export interface Keeping {
  readonly url: string;
  readonly token: string | undefined;
  readonly WebSocket: WebSocketConstructor;
  /** The bridge is pinged after so long without a word, and given up after as long again. */
  readonly pingMs: number;
  /** Without a call for so long it is closed. */
  readonly idleMs: number;
}

const NORMAL = 1000;

/** A socket from its opening to its end; the next one is a new object. */
export class Socket {
  /** No call can be made on it any more. */
  over = false;
  readonly #keeping: Keeping;
  readonly #socket: WebSocketLike;
  readonly #calls = new Map<string, Inbox>();
  /** Said before the bridge was ready to listen. */
  #waiting: Said[] | undefined = [];
  #number = 0;
  #pinged = false;
  #pinging: ReturnType<typeof setTimeout>;
  #idling: ReturnType<typeof setTimeout> | undefined;

  constructor(keeping: Keeping) {
    const { url, token, WebSocket, pingMs } = keeping;
    this.#keeping = keeping;
    this.#socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket.onopen = () => this.#send({ hello: token ? { token } : {} });
    this.#socket.onmessage = ({ data }: { data: unknown }) => this.#hear(data);
    this.#socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#end(lost(code, reason));
    // A close follows, and says as much as there is to know.
    this.#socket.onerror = () => {};
    this.#pinging = setTimeout(() => this.#watch(), pingMs);
  }

  /** How many calls are open. */
  get calls(): number {
    return this.#calls.size;
  }

  /** Starts a call; its messages come into the inbox. The signal ends it. */
  call(name: string, request: JsonValue, signal: AbortSignal): Inbox {
    const id = String((this.#number += 1));
    const inbox = new Inbox();
    this.#calls.set(id, inbox);
    clearTimeout(this.#idling);
    this.#say({ id, call: name, request });
    signal.addEventListener("abort", () => this.#cancel(id, signal.reason), { once: true });
    return inbox;
  }

  /** Ends it and all calls on it. */
  close(error: ConnectError): void {
    this.#end(error);
    this.#socket.close(NORMAL);
  }

  #cancel(id: string, reason: unknown): void {
    const inbox = this.#calls.get(id);
    if (inbox === undefined) return;
    this.#say({ id, cancel: {} });
    this.#finish(id, inbox, ConnectError.from(reason, Code.Canceled));
  }

  #hear(data: unknown): void {
    this.#pinged = false;
    try {
      this.#take(read(data));
    } catch (error) {
      this.close(new ConnectError(`the bridge sent what is no frame: ${String(error)}`, Code.Internal));
    }
  }

  #take(heard: Heard): void {
    switch (heard.kind) {
      case "ready":
        return this.#flush();
      case "pong":
        return;
      case "message":
        return this.#deliver(heard.id, heard.message);
      case "end": {
        // A call that was cancelled here is still ended there.
        const inbox = this.#calls.get(heard.id);
        if (inbox !== undefined) this.#finish(heard.id, inbox, errorOf(heard.end));
      }
    }
  }

  #deliver(id: string, message: JsonValue): void {
    const inbox = this.#calls.get(id);
    if (inbox === undefined || inbox.push(message)) return;
    this.#cancel(id, new ConnectError("messages came faster than they were read", Code.Unavailable));
  }

  #finish(id: string, inbox: Inbox, error: ConnectError | undefined): void {
    this.#calls.delete(id);
    inbox.end(error);
    if (this.#calls.size > 0) return;
    this.#idling = setTimeout(() => this.close(lost(NORMAL, "")), this.#keeping.idleMs);
  }

  #flush(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const said of waiting) this.#send(said);
  }

  #say(said: Said): void {
    if (this.#waiting !== undefined) this.#waiting.push(said);
    else this.#send(said);
  }

  #send(said: Said): void {
    if (!this.over) this.#socket.send(JSON.stringify(said));
  }

  #watch(): void {
    // Timers of a hidden page come late, so that nothing counts as silence but that after a ping.
    if (this.#pinged) return this.close(lost(1006, "no sign of life"));
    this.#pinged = true;
    // Before the bridge is ready there is nobody to ping, and no answer to the opening counts as silence too.
    if (this.#waiting === undefined) this.#send({ ping: {} });
    this.#pinging = setTimeout(() => this.#watch(), this.#keeping.pingMs);
  }

  #end(error: ConnectError): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.#pinging);
    clearTimeout(this.#idling);
    for (const inbox of this.#calls.values()) inbox.end(error);
    this.#calls.clear();
  }
}

/** Whether the bridge takes a request of that size. */
export function fits(request: JsonValue): boolean {
  return new TextEncoder().encode(JSON.stringify(request)).length < LARGEST - 1024;
}
