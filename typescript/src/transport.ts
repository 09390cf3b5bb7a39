/** How calls get to the bridge: each as an HTTP request of its own, or all over one WebSocket. */
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { createSocketTransport } from "./socket/transport.js";
import type { WebSocketConstructor } from "./socket/web-socket.js";

/** How a client reaches the engine. */
export interface TransportOptions {
  /** An API key, "fw_...". Left out: the engine asks for none. */
  readonly token?: string;
  /**
   * "web", the default: gRPC-Web, each call a request. A browser opens six of these at a time to one host over
   * HTTP/1.1, so a page with more streams than that takes "socket": all calls over one WebSocket.
   */
  readonly transport?: "web" | "socket";
  /** For "socket" where the platform has none: Node before 22, with the package `ws`. */
  readonly WebSocket?: WebSocketConstructor;
}

/** The transport, and what gives back the connections it keeps. */
export function openTransport(url: string, options: TransportOptions): { transport: Transport; close: () => void } {
  const { token, WebSocket, transport: kind = "web" } = options;
  if (kind === "web") {
    const interceptors = token ? [bearer(token)] : [];
    return { transport: createGrpcWebTransport({ baseUrl: url, interceptors }), close: () => {} };
  }
  const transport = createSocketTransport({ url, token, WebSocket });
  return { transport, close: () => transport.close() };
}

function bearer(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}
