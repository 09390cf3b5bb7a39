/** The part of the client that changes orders: withdraws one or all, or gives one that rests new terms. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { CallOptions } from "@connectrpc/connect";

import { checked } from "./checked.js";
import { writeCancelAll, type CancelFilters } from "./filters.js";
import { idOf, Orders } from "./orders.js";
import { duration } from "./pen.js";
import { present } from "./present.js";
import { writeReplacement } from "./replacement.js";
import type { Options, ReplaceTerms } from "./terms.js";
import {
  CancelAllOrdersAfterRequestSchema,
  type CancelAllOrdersResponse,
  type CancelOrderResponse,
  type Order,
} from "./v1.js";
import { Violations } from "./violations.js";

/** All of it is safe to retry, and retried here. */
export class Changes extends Orders {
  /** Withdraws an order, and says truly what became of that: `result`, and the order beside it. */
  cancel(order: Order | string, options: Options = {}): Promise<CancelOrderResponse> {
    const request = { orderId: idOf(order) };
    const method = { timeoutMs: 5000, asksAgain: true };
    return this.line.ask(method, (call) => this.line.orders.cancelOrder(request, call), options);
  }

  /**
   * Withdraws all open orders, or those that pass the filters; says how many.
   *
   * Where an answer was lost and the call made again, what the first one withdrew is not counted.
   */
  async cancelAll(filters: CancelFilters = {}, options: Options = {}): Promise<CancelAllOrdersResponse> {
    const request = writeCancelAll(filters);
    const method = { timeoutMs: 10_000, asksAgain: true };
    return this.line.ask(method, (call) => this.line.orders.cancelAllOrders(request, call), options);
  }

  /**
   * Sets the account's dead man's switch: in `ms` milliseconds all open orders are withdrawn, unless it is set again
   * before.
   *
   * 1 s to 1 day; `null` takes it off. Gives the time at which it acts, by the engine's clock; `undefined`: it is off.
   */
  async cancelAllAfter(ms: number | null, options: Options = {}): Promise<Date | undefined> {
    const request = writeSwitch(ms);
    const method = { timeoutMs: 3000, asksAgain: true };
    const ask = (call: CallOptions) => this.line.orders.cancelAllOrdersAfter(request, call);
    const { cancelTime } = await this.line.ask(method, ask, options);
    return cancelTime && timestampDate(cancelTime);
  }

  /**
   * Changes the terms of a resting order in place; those that are not given stay, and `null` takes one off.
   *
   * An `Order` is changed only if nothing has happened to it since it was read (`ifLastSeq`); of an id, the order is
   * read first. Each change has a request id, repeated when an answer is lost, under which the engine makes it once:
   * after `Unavailable` or `DeadlineExceeded`, replace the same `Order` with the same terms and `requestId` again.
   * Throws `OrderNotResting`, `OrderChanged`, `NotFound`, `RequestIdReused` where the id belongs to another change of
   * the order, and `InvalidRequest` naming every bad field.
   */
  async replace(order: Order | string, terms: ReplaceTerms, options: Options = {}): Promise<Order> {
    const now = typeof order === "string" ? await this.get(order, options) : order;
    const { tokenIn, tokenOut } = present(now.spec, "spec");
    const request = writeReplacement(now, terms, await this.known.tokensWith([tokenIn, tokenOut], options));
    const method = { timeoutMs: 5000, asksAgain: true };
    const answer = await this.line.ask(method, (call) => this.line.orders.replaceOrder(request, call), options);
    return present(answer.order, "order");
  }
}

/** Throws `InvalidRequest` where `ms` is no span of time, and for 0: the engine would take the switch off. */
function writeSwitch(ms: number | null): MessageInitShape<typeof CancelAllOrdersAfterRequestSchema> {
  if (ms === null) return { timeout: duration(0) };
  const violations = new Violations();
  if (Math.round(ms) === 0) violations.add("timeout", `${ms} ms is no time to wait; null takes the switch off`);
  const timeout = violations.within("timeout", () => duration(ms));
  violations.check();
  return checked(CancelAllOrdersAfterRequestSchema, { timeout });
}
