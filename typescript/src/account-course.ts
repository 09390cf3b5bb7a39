/** The course of a watch of the account: the events of all its orders, each once, resumed by the engine's cursor. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallOptions } from "@connectrpc/connect";

import { Course, type Patience } from "./course.js";
import { Internal, Unavailable } from "./errors.js";
import type { Line } from "./line.js";
import { duration } from "./pen.js";
import { isFinal } from "./statuses.js";
import type { OrderEvent, WatchOrdersRequestSchema, WatchOrdersResponse } from "./v1.js";

type Request = MessageInitShape<typeof WatchOrdersRequestSchema>;

/** Of how many ended orders the last seq is kept, to know a repeated event by it. */
const REMEMBERED = 1000;

/** The state of one watch over all its connections; `filters` says what it shows. */
export class AccountCourse extends Course<WatchOrdersResponse, OrderEvent> {
  readonly #seqs = new Map<string, bigint>();
  readonly #ended: string[] = [];
  #gap = "";

  constructor(
    /** Behind the last frame. Empty: there was none yet. */
    public cursor: string,
    private readonly filters: Request,
    private readonly line: Line,
    patience: Patience & { readonly heartbeatMs: number },
  ) {
    super(patience);
  }

  override get placed(): boolean {
    return this.cursor !== "" || (this.filters.fromStart ?? false);
  }

  open(options: CallOptions): Promise<AsyncIterable<WatchOrdersResponse>> {
    this.connect();
    const heartbeatInterval = duration(this.patience.heartbeatMs ?? 0);
    const place = this.cursor && { cursor: this.cursor, fromStart: false };
    return Promise.resolve(this.line.orders.watchOrders({ ...this.filters, heartbeatInterval, ...place }, options));
  }

  take(frame: WatchOrdersResponse): OrderEvent | undefined {
    const event = frame.frame.case === "event" ? frame.frame.value : undefined;
    const isNew = event !== undefined && this.#isNext(event);
    if (isNew) this.#note(event);
    this.hear();
    this.cursor = frame.cursor || this.cursor;
    return isNew ? event : undefined;
  }

  /** Whether the event is a new one. Throws where one of the same order is missing before it. */
  #isNext(event: OrderEvent): boolean {
    const last = this.#seqs.get(event.orderId);
    if (last === undefined || event.seq === last + 1n) return true;
    if (event.seq <= last) return false;
    // A filter of statuses leaves events out, and one by the client's reference may begin to hold later.
    const { statuses, terminalOnly, clientOrderId } = this.filters;
    if (statuses?.length || terminalOnly || clientOrderId) return true;
    throw this.#missing(event.orderId, last + 1n, event.seq - 1n);
  }

  #missing(orderId: string, first: bigint, last: bigint): Error {
    const told = `events ${first} to ${last} of order ${orderId} are missing`;
    const gap = `${orderId} ${first}`;
    // Asked again, the engine has left out the same: asking on would never end.
    this.finished = this.#gap === gap;
    this.#gap = gap;
    return this.finished ? new Internal(told, { reason: "GAP" }) : new Unavailable(told, { reason: "GAP" });
  }

  #note(event: OrderEvent): void {
    this.#seqs.set(event.orderId, event.seq);
    if (isFinal(event.status)) this.#ended.push(event.orderId);
    if (this.#ended.length > REMEMBERED) this.#seqs.delete(this.#ended.shift() ?? "");
  }
}
