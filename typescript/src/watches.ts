/** Watches: of one order, and of all orders of the account. */
import type { AccountCourse } from "./account-course.js";
import type { Frame, OrderCourse } from "./order-course.js";
import { Stream, type StreamOptions } from "./stream.js";
import type { Order, OrderEvent, OrderStatus, WatchOrdersResponse } from "./v1.js";

/** What a watch may be told. */
export interface WatchOptions extends StreamOptions {
  /** A connection without a frame for three times so long is taken for dead, 1000 to 60000. Left out: 15000. */
  readonly heartbeatMs?: number;
}

/** What the watch of one order may be told. */
export interface OrderWatchOptions extends WatchOptions {
  /** Continue after an event seen before. `null`: show only what happens from now on. Left out: from the first. */
  readonly afterSeq?: bigint | number | null;
  /** Show the final event alone. */
  readonly terminalOnly?: boolean;
}

/** The events of an order, each once and in order; ends after the final one. */
export class Watch extends Stream<Frame, OrderEvent> {
  readonly #course: OrderCourse;

  constructor(course: OrderCourse, options: StreamOptions) {
    super(course, options);
    this.#course = course;
  }

  /** Empty while an order that is submitted by this watch is not known to be stored. */
  get orderId(): string {
    return this.#course.orderId;
  }

  /** The seq of the last event given; a watch with this `afterSeq` continues there. Absent: nothing seen yet. */
  get lastSeq(): bigint | undefined {
    return this.#course.lastSeq;
  }

  /** The order when the present connection began. Absent: before the first frame. */
  get snapshot(): Order | undefined {
    return this.#course.snapshot;
  }

  /** Where the order is, by what was seen last. Absent: before the first frame. */
  get status(): OrderStatus | undefined {
    return this.#course.status;
  }
}

/**
 * The events of all orders of the account, each once, those of an order in order; it never ends.
 *
 * A watch without a cursor begins when it is first iterated over, or with `begin`. Iteration throws what that of a
 * `Watch` does, and `Internal` (GAP) where the engine leaves out an event also when it is asked again.
 */
export class AccountWatch extends Stream<WatchOrdersResponse, OrderEvent> {
  readonly #course: AccountCourse;

  constructor(course: AccountCourse, options: StreamOptions) {
    super(course, options);
    this.#course = course;
  }

  /** Behind the last event given; a watch with this cursor continues there. Empty: nothing seen yet. */
  get cursor(): string {
    return this.#course.cursor;
  }
}
