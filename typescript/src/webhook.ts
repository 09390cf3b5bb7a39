/**
 * Tells whether a delivery of a webhook is the engine's, by version 1 of https://www.standardwebhooks.com.
 *
 * It needs no client. It needs `crypto.subtle`, which servers and workers have, and pages that came over https.
 */
import { fromJsonString } from "@bufbuild/protobuf";

import { WebhookNotVerified } from "./errors.js";
import { OrderEventSchema, type OrderEvent } from "./v1.js";

/** The headers of a delivery, in any case: those of `fetch`, or of Node's `http`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the check of a delivery may be told. */
export interface VerifyOptions {
  /** How far the time of the signature may be from now. Left out: 300000. */
  readonly toleranceMs?: number;
  /** The time by the receiver's clock. Left out: now. */
  readonly now?: Date;
}

const HMAC = { name: "HMAC", hash: "SHA-256" };
const PREFIX = "whsec_";
const TOLERANCE_MS = 300_000;

/**
 * The event of a delivery. The same event may come again, with the same `webhook-id`.
 *
 * `body` is the body as it came, before anything has parsed it.
 * Throws `WebhookNotVerified` where no signature is right, or its time is more than `toleranceMs` from now;
 * `RangeError` for a secret that is none.
 */
export async function verifyWebhook(
  headers: WebhookHeaders,
  body: string | Uint8Array | ArrayBuffer,
  secret: string,
  { toleranceMs = TOLERANCE_MS, now = new Date() }: VerifyOptions = {},
): Promise<OrderEvent> {
  const key = await keyOf(secret);
  const content = bytesOf(body);
  const timestamp = header(headers, "webhook-timestamp");
  if (!/^\d+$/.test(timestamp)) throw new WebhookNotVerified("the delivery does not say when it was signed");
  const head = `${header(headers, "webhook-id")}.${timestamp}.`;
  const signed = joined(new TextEncoder().encode(head), content);
  if (!(await anyIsRight(header(headers, "webhook-signature"), key, signed))) {
    throw new WebhookNotVerified("no signature of the delivery is right");
  }
  const age = now.getTime() - Number(timestamp) * 1000;
  // Asked in this way, an age or a tolerance that is no number is refused.
  if (!(Math.abs(age) <= toleranceMs)) {
    throw new WebhookNotVerified("the delivery was signed too long ago, or in the future");
  }
  return eventOf(content);
}

function keyOf(secret: string): Promise<CryptoKey> {
  if (typeof secret !== "string") throw new TypeError(`a secret is a string, not ${typeof secret}`);
  const key = decoded(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  // With an empty one everybody could sign.
  if (!key?.length) throw new RangeError('a secret is "whsec_" and base64');
  return crypto.subtle.importKey("raw", key, HMAC, false, ["verify"]);
}

function bytesOf(body: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError(`the body is given as it came, a string or bytes, not ${typeof body}`);
}

/** Empty: the delivery has none of that name. */
function header(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  const [, value = ""] = Object.entries(headers).find(([given]) => given.toLowerCase() === name) ?? [];
  return typeof value === "string" ? value : value.join(" ");
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

/** Whether one of the signatures is right; while a secret is changed there may be several. */
async function anyIsRight(signatures: string, key: CryptoKey, signed: Uint8Array<ArrayBuffer>): Promise<boolean> {
  for (const signature of signatures.split(" ")) {
    const digest = signature.startsWith("v1,") ? decoded(signature.slice(3)) : undefined;
    if (digest && (await crypto.subtle.verify(HMAC, key, digest, signed))) return true;
  }
  return false;
}

/** The bytes of a base64 text; `undefined`: it is none. */
function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Fields and enums that are newer than this package are left out. */
function eventOf(content: Uint8Array): OrderEvent {
  try {
    return fromJsonString(OrderEventSchema, new TextDecoder().decode(content), { ignoreUnknownFields: true });
  } catch (error) {
    throw new WebhookNotVerified("the delivery is signed, but tells no event", { cause: error });
  }
}
