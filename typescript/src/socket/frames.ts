/** The bridge's WebSocket protocol: one JSON object in each text frame, with messages of the contract as ProtoJSON. */
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

export const SUBPROTOCOL = "fillwire.v1+json";

/** The most bytes a message to the bridge may have. */
export const LARGEST = 64 * 1024;

/** What is said to the bridge. */
export type Said =
  | { readonly hello: { readonly token?: string } }
  | { readonly id: string; readonly call: string; readonly request: JsonValue }
  | { readonly id: string; readonly cancel: Record<string, never> }
  | { readonly ping: Record<string, never> };

/** How a call ended: `google.rpc.Status` with the code by name. */
export interface End {
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly JsonObject[];
}

/** What the bridge says. */
export type Heard =
  | { readonly kind: "ready" | "pong" }
  | { readonly kind: "message"; readonly id: string; readonly message: JsonValue }
  | { readonly kind: "end"; readonly id: string; readonly end: End };

/** The frame of that text. Throws `SyntaxError` for what is none. */
export function read(text: unknown): Heard {
  if (typeof text !== "string") throw new SyntaxError("a binary frame");
  const frame = JSON.parse(text) as Record<string, JsonValue>;
  const { id, message, end } = frame;
  if (typeof id === "string" && end !== undefined) return { kind: "end", id, end: end as unknown as End };
  if (typeof id === "string" && message !== undefined) return { kind: "message", id, message };
  if ("ready" in frame) return { kind: "ready" };
  if ("pong" in frame) return { kind: "pong" };
  throw new SyntaxError(`not a frame: ${text.slice(0, 80)}`);
}
