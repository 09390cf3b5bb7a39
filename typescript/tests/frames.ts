/** What a scripted engine says. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { OrderStatus } from "@fillwire/client";
import type { WatchOrderRequest, WatchOrderResponseSchema } from "@fillwire/client/v1";

import { ErrorInfoSchema, RetryInfoSchema } from "../src/gen/google/rpc/error_details_pb.js";

export type Frame = MessageInitShape<typeof WatchOrderResponseSchema>;

const { PENDING, ROUTING, BUILDING, SUBMITTED, CONFIRMED } = OrderStatus;

/** The way of an order, by seq - 1. */
export const WAY = [PENDING, ROUTING, BUILDING, SUBMITTED, CONFIRMED] as const;

export function order(lastSeq: number) {
  return { orderId: "one", status: WAY[lastSeq - 1] ?? PENDING, lastSeq: BigInt(lastSeq) };
}

export function occurrence(seq: number, orderId = "one") {
  return { orderId, seq: BigInt(seq), status: WAY[seq - 1] ?? PENDING };
}

export const snapshot = (lastSeq: number): Frame => ({ frame: { case: "snapshot", value: order(lastSeq) } });
export const event = (seq: number): Frame => ({ frame: { case: "event", value: occurrence(seq) } });
export const heartbeat = (lastSeq: number): Frame => ({
  frame: { case: "heartbeat", value: { lastSeq: BigInt(lastSeq) } },
});

/** An error as the engine gives it. */
export function refusal(
  code: Code,
  reason: string,
  ...more: { desc: DescMessage; value: MessageInitShape<DescMessage> }[]
): ConnectError {
  const info = { desc: ErrorInfoSchema, value: { reason, domain: "fillwire.dev", metadata: {} } };
  return new ConnectError(reason.toLowerCase(), code, undefined, [info, ...more]);
}

export function draining(): ConnectError {
  const again = { desc: RetryInfoSchema, value: { retryDelay: durationFromMs(1) } };
  return refusal(Code.Unavailable, "SERVER_DRAINING", again);
}

/** The watches of a test, one step for each connection, and what they were asked for. */
export class Watches {
  readonly asked: WatchOrderRequest[] = [];
  readonly #steps: ((context: HandlerContext) => AsyncIterable<Frame>)[];

  constructor(...steps: ((context: HandlerContext) => AsyncIterable<Frame>)[]) {
    this.#steps = steps;
  }

  get afterSeqs(): (number | undefined)[] {
    return this.asked.map(({ afterSeq }) => (afterSeq === undefined ? undefined : Number(afterSeq)));
  }

  readonly watchOrder = (request: WatchOrderRequest, context: HandlerContext): AsyncIterable<Frame> => {
    const step = this.#steps[this.asked.push(request) - 1];
    if (step === undefined) throw refusal(Code.Unimplemented, "ASKED_TOO_OFTEN");
    return step(context);
  };
}

/** Those frames, and then OK. */
export async function* frames(...told: Frame[]): AsyncGenerator<Frame> {
  yield* told;
}

/** Those frames, and then an error. */
export async function* failing(error: Error, ...told: Frame[]): AsyncGenerator<Frame> {
  yield* told;
  throw error;
}

/** Those frames, and then nothing until the caller leaves. */
export async function* hanging({ signal }: HandlerContext, ...told: Frame[]): AsyncGenerator<Frame> {
  yield* told;
  await gone(signal);
}

/** Until the caller has left. */
export function gone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}
