/** The client: everything an application asks of the engine. */
import type { Client } from "@connectrpc/connect";

import { AccountCourse } from "./account-course.js";
import { Accounts } from "./accounts.js";
import { OrderFailed } from "./errors.js";
import { writeAccountWatch, type AccountFilters } from "./filters.js";
import { Line } from "./line.js";
import { within } from "./market.js";
import { OrderCourse, type Ask } from "./order-course.js";
import { idOf } from "./orders.js";
import { isFinal } from "./statuses.js";
import { Submission } from "./submission.js";
import type { Options, SubmitTerms } from "./terms.js";
import { openTransport, type TransportOptions } from "./transport.js";
import { OrderStatus, type AccountService, type MarketService, type Order, type OrderService } from "./v1.js";
import { AccountWatch, Watch, type OrderWatchOptions, type WatchOptions } from "./watches.js";

/** How a client reaches the engine, and how patient it is. */
export interface ClientOptions extends TransportOptions {
  /** How often a call is made again after `Unavailable`. Left out: 2. */
  readonly maxRetries?: number;
  /** For each call with its retries; it limits no stream. Left out: the method's own. */
  readonly timeoutMs?: number;
}

const HEARTBEAT_MS = 15_000;

/**
 * A client of the bridge at `url`, such as "http://127.0.0.1:8080".
 *
 * Every method takes `signal`, `timeoutMs` and `maxRetries` in its last argument, and throws `ApiError`, a subclass for
 * each way to go on.
 * Answers are the messages of the contract: amounts in smallest units, which `tokens()` turns into whole tokens.
 */
export class FillwireClient extends Accounts {
  readonly #close: () => void;

  constructor(url: string, options: ClientOptions = {}) {
    const { transport, close } = openTransport(url, options);
    super(new Line(transport, { timeoutMs: options.timeoutMs, maxRetries: options.maxRetries ?? 2 }));
    this.#close = close;
  }

  /** The contract's OrderService itself: nothing is retried or resumed. Of `market` and `accounts` likewise. */
  get orders(): Client<typeof OrderService> {
    return this.line.orders;
  }

  get market(): Client<typeof MarketService> {
    return this.line.market;
  }

  get accounts(): Client<typeof AccountService> {
    return this.line.accounts;
  }

  /** The events of an order, from the first, until the final one. Opens nothing before it is iterated over. */
  watch(order: Order | string, options: OrderWatchOptions = {}): Watch {
    return new Watch(new OrderCourse(idOf(order), this.line, this.#wish(options)), options);
  }

  /**
   * Submits an order and gives its events from the first, in one call to the engine.
   *
   * Submits nothing before it is iterated over; `snapshot` is then the order as it was stored. A connection that is
   * lost before the engine has answered is opened again with the same request id, and no second order is made.
   */
  submitAndWatch(terms: SubmitTerms, options: Omit<OrderWatchOptions, "afterSeq"> = {}): Watch {
    const write = () => this.submission(terms, within(options));
    return new Watch(new Submission(write, this.line, this.#wish(options)), options);
  }

  /** The events of all orders of the account that pass the filters, without end: from now on, or behind a cursor. */
  watchOrders(filters: AccountFilters & { readonly cursor?: string } = {}, options: WatchOptions = {}): AccountWatch {
    const { cursor = "", ...rest } = filters;
    const patience = { ...this.patience(options), heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS };
    return new AccountWatch(new AccountCourse(cursor, writeAccountWatch(rest), this.line, patience), options);
  }

  /**
   * The order once it is CONFIRMED, or once it has entered the status `until`, before this call or after.
   *
   * Throws `OrderFailed`, which holds the order, where it ended otherwise and is not CONFIRMED; `DeadlineExceeded`
   * after `timeoutMs` (left out: no limit, and an order may rest for ever), when it goes on all the same.
   */
  async wait(order: Order | string, options: Options & { readonly until?: OrderStatus } = {}): Promise<Order> {
    const { until = OrderStatus.CONFIRMED } = options;
    const watch = this.watch(order, { ...options, terminalOnly: isFinal(until) });
    let found = false;
    for await (const event of watch) {
      found = event.status === until;
      if (found) break;
    }
    const seen = watch.snapshot?.lastSeq === watch.lastSeq ? watch.snapshot : undefined;
    const now = seen ?? (await this.get(watch.orderId, within(options)));
    if (found || now.status === until || now.status === OrderStatus.CONFIRMED) return now;
    throw new OrderFailed(now);
  }

  /** Gives back the socket, if it has one, for good: calls and streams on it end with `FailedPrecondition`. */
  close(): void {
    this.#close();
  }

  #wish(options: OrderWatchOptions): Ask {
    const { afterSeq = 0n, terminalOnly = false, heartbeatMs = HEARTBEAT_MS } = options;
    const after = afterSeq === null ? undefined : BigInt(afterSeq);
    return { ...this.patience(options), afterSeq: after, terminalOnly, heartbeatMs };
  }
}
