/** The course of a watch: the events of one order, each once and in order. */
import type { CallOptions } from "@connectrpc/connect";

import { Course, type Patience } from "./course.js";
import { Internal, Unavailable } from "./errors.js";
import type { Line } from "./line.js";
import { duration } from "./pen.js";
import { isFinal } from "./statuses.js";
import {
  OrderStatus,
  type Order,
  type OrderEvent,
  type SubmitAndWatchOrderResponse,
  type WatchOrderResponse,
} from "./v1.js";

export type Frame = WatchOrderResponse | SubmitAndWatchOrderResponse;

/** What a watch is asked to show. */
export interface Ask extends Patience {
  readonly heartbeatMs: number;
  /** Only events with a greater seq. `undefined`: only what comes after the snapshot. */
  readonly afterSeq: bigint | undefined;
  /** Only the final event. */
  readonly terminalOnly: boolean;
}

/** The state of one watch over all its connections; what has been seen is skipped, and after a gap the log is asked. */
export class OrderCourse extends Course<Frame, OrderEvent> {
  lastSeq: bigint | undefined;
  snapshot: Order | undefined;
  /** Where the order is, by the last frame that told. */
  status: OrderStatus | undefined;

  constructor(
    public orderId: string,
    protected readonly line: Line,
    protected readonly wish: Ask,
  ) {
    super(wish);
    this.lastSeq = wish.afterSeq;
  }

  open(options: CallOptions): Promise<AsyncIterable<Frame>> {
    const request = { orderId: this.orderId, afterSeq: this.lastSeq, ...this.manner };
    return Promise.resolve(this.line.orders.watchOrder(request, options));
  }

  take({ frame: told }: Frame): OrderEvent | undefined {
    switch (told.case) {
      case "snapshot":
        return this.begin(told.value);
      case "event":
        return this.step(told.value);
      case "heartbeat":
        return this.beat(told.value.lastSeq);
      default:
        return undefined;
    }
  }

  /** How the engine is to send. */
  protected get manner() {
    return { heartbeatInterval: duration(this.wish.heartbeatMs), terminalOnly: this.wish.terminalOnly };
  }

  /** A connection begins with the order as it is. */
  protected begin(order: Order): undefined {
    // The failures stay: a server that only ever gives the snapshot must not be asked without pause.
    this.reached = true;
    this.snapshot = order;
    this.status = order.status;
    this.lastSeq ??= order.lastSeq;
    // Not where lastSeq is beyond the log: that is an error, and the engine is about to tell it.
    this.finished = isFinal(order.status) && order.lastSeq === this.lastSeq;
  }

  /** An event has come. */
  protected step(event: OrderEvent): OrderEvent | undefined {
    if (this.lastSeq === undefined) {
      throw new Internal("the stream began without a snapshot", { reason: "NO_SNAPSHOT" });
    }
    if (event.seq <= this.lastSeq) return undefined;
    this.#expectNoneMissing(event.seq - 1n);
    this.failures = 0;
    this.status = event.status;
    this.lastSeq = event.seq;
    this.finished = isFinal(event.status);
    return event;
  }

  /** The engine says that it has sent every event up to this one. */
  protected beat(lastSeq: bigint): undefined {
    this.failures = 0;
    this.#expectNoneMissing(lastSeq);
  }

  #expectNoneMissing(seq: bigint): void {
    if (this.wish.terminalOnly || this.lastSeq === undefined || seq <= this.lastSeq) return;
    throw new Unavailable(`events ${this.lastSeq + 1n} to ${seq} are missing`, { reason: "GAP" });
  }

  override endOfStream(): void {
    // A status newer than this package may be a final one; the engine knows.
    if (this.status !== undefined && OrderStatus[this.status] === undefined) this.finished = true;
    if (!this.finished) throw new Unavailable("the stream ended before the order did", { reason: "CUT_SHORT" });
  }
}
