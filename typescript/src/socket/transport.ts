/** A Connect transport over the bridge's WebSocket: many calls and streams at a time on one connection. */
import {
  fromJson,
  toJson,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  type MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Interceptor, type Transport } from "@connectrpc/connect";
import { runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";

import type { Inbox } from "./inbox.js";
import { fits, Socket, type Keeping } from "./socket.js";
import { platformWebSocket, type WebSocketConstructor } from "./web-socket.js";

/** How a socket transport reaches the bridge. */
export interface SocketOptions {
  /** The bridge, as for gRPC-Web: "http://127.0.0.1:8080". */
  readonly url: string;
  /** An API key, "fw_...". Left out: the engine asks for none. */
  readonly token?: string;
  /** Left out: the platform's own. */
  readonly WebSocket?: WebSocketConstructor;
  readonly interceptors?: Interceptor[];
  /** After so long without a word the bridge is pinged, and given up after as long again. Left out: 10000. */
  readonly pingMs?: number;
  /** Without a call for so long the socket is closed. Left out: 15000. */
  readonly idleMs?: number;
}

/** Open calls of one socket; a bridge takes 200 of them, unless its operator says otherwise. */
const CALLS = 128;

/** A transport that keeps connections. */
export interface SocketTransport extends Transport {
  /** Closes the sockets, for good: calls that are open, and those made later, end with `FailedPrecondition`. */
  close(): void;
}

/**
 * A transport that opens its socket with the first call, and another one when that is full or lost.
 *
 * A lost socket ends its calls with `Unavailable`, like any lost connection: resuming is for whoever called.
 * What travels is a message's own; headers of a call do not, and answers have none.
 */
export function createSocketTransport(options: SocketOptions): SocketTransport {
  return new Multiplexed(options);
}

class Multiplexed implements SocketTransport {
  readonly #keeping: Keeping;
  readonly #interceptors: Interceptor[];
  #sockets: Socket[] = [];
  #closed = false;

  constructor({ url, token, WebSocket, interceptors = [], pingMs = 10_000, idleMs = 15_000 }: SocketOptions) {
    const address = `${url.replace(/^http/, "ws").replace(/\/+$/, "")}/v1/ws`;
    this.#keeping = { url: address, token, WebSocket: WebSocket ?? platformWebSocket(), pingMs, idleMs };
    this.#interceptors = interceptors;
  }

  unary: Transport["unary"] = (method, signal, timeoutMs, header, input, contextValues) =>
    runUnaryCall({
      interceptors: this.#interceptors,
      signal,
      timeoutMs,
      req: { ...this.#request(method, header, contextValues), stream: false, method, message: input },
      next: async (request) => {
        const inbox = this.#call(method, request.message, request.signal);
        const message = await only(inbox, method);
        return { ...silence(), stream: false, service: method.parent, method, message };
      },
    });

  stream: Transport["stream"] = (method, signal, timeoutMs, header, input, contextValues) =>
    runStreamingCall({
      interceptors: this.#interceptors,
      signal,
      timeoutMs,
      req: { ...this.#request(method, header, contextValues), stream: true, method, message: input },
      next: async (request) => {
        const inbox = this.#call(method, await first(method, request.message), request.signal);
        return { ...silence(), stream: true, service: method.parent, method, message: all(inbox, method.output) };
      },
    });

  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) socket.close(closed());
  }

  #socket(): Socket {
    if (this.#closed) throw closed();
    this.#sockets = this.#sockets.filter((socket) => !socket.over);
    const room = this.#sockets.find((socket) => socket.calls < CALLS);
    if (room !== undefined) return room;
    const socket = new Socket(this.#keeping);
    this.#sockets.push(socket);
    return socket;
  }

  #call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O> | DescMethodStreaming<I, O>,
    message: MessageShape<I>,
    signal: AbortSignal,
  ): Inbox {
    signal.throwIfAborted();
    const request = toJson(method.input, message);
    if (!fits(request)) throw new ConnectError("the request is larger than the bridge takes", Code.ResourceExhausted);
    return this.#socket().call(nameOf(method), request, signal);
  }

  #request(method: DescMethodUnary | DescMethodStreaming, header: HeadersInit | undefined, values?: object) {
    return {
      service: method.parent,
      requestMethod: "POST",
      url: `${this.#keeping.url}#${nameOf(method)}`,
      header: new Headers(header),
      contextValues: (values as ReturnType<typeof createContextValues> | undefined) ?? createContextValues(),
    };
  }
}

function closed(): ConnectError {
  return new ConnectError("the transport is closed", Code.FailedPrecondition);
}

function nameOf(method: DescMethodUnary | DescMethodStreaming): string {
  return `${method.parent.name}/${method.name}`;
}

function silence(): { header: Headers; trailer: Headers } {
  return { header: new Headers(), trailer: new Headers() };
}

async function first<I extends DescMessage>(
  method: DescMethodStreaming<I>,
  messages: AsyncIterable<MessageShape<I>>,
): Promise<MessageShape<I>> {
  if (method.methodKind === "server_streaming") for await (const message of messages) return message;
  throw new ConnectError("the bridge takes calls of one message", Code.Unimplemented);
}

/** The one message of a unary call, once the call has ended well. */
async function only<O extends DescMessage>(inbox: Inbox, method: DescMethodUnary<DescMessage, O>) {
  let found: MessageShape<O> | undefined;
  for await (const message of all(inbox, method.output)) found = message;
  if (found === undefined) throw new ConnectError("the call ended without a message", Code.Unavailable);
  return found;
}

async function* all<O extends DescMessage>(inbox: Inbox, output: O): AsyncGenerator<MessageShape<O>, void, undefined> {
  for await (const message of inbox.messages()) yield fromJson(output, message, { ignoreUnknownFields: true });
}
