/** As much of a WebSocket as is used: those of browsers, of Node from 22 on, and of the package `ws` have it. */

// The platforms type their events differently, and what they have in common is checked where it is read.
type Listener = ((event: any) => void) | null;

export interface WebSocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: Listener;
  onmessage: Listener;
  onclose: Listener;
  onerror: Listener;
}

export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** The platform's own. Throws `TypeError` where it has none. */
export function platformWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };
  if (WebSocket !== undefined) return WebSocket;
  throw new TypeError("this platform has no WebSocket: give that of the package `ws`, { WebSocket }");
}
