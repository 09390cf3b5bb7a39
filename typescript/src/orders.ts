/** The part of the client that submits orders and asks about them. */
import type { CallOptions } from "@connectrpc/connect";

import { checked } from "./checked.js";
import { writeList, writeReport, type Filters, type ReportFilters } from "./filters.js";
import { Market } from "./market.js";
import { present } from "./present.js";
import { writeSpec } from "./requests.js";
import type { Options, OrderTerms, SubmitTerms } from "./terms.js";
import { uuid } from "./uuid.js";
import {
  SubmitOrderRequestSchema,
  type ExplainOrderResponse,
  type ListOrdersResponse,
  type Order,
  type ReportExecutionResponse,
} from "./v1.js";

/** An order as a submit answered. */
export type SubmittedOrder = Order & {
  /** An earlier request had the same request id and terms. */
  readonly deduplicated: boolean;
};

/** Names one order. */
export type OrderKey =
  | { readonly orderId: string }
  | { readonly requestId: string }
  /** By your own reference; of several with the same one, the newest. */
  | { readonly clientOrderId: string };

/** What a list may be told. */
export interface ListOptions extends Options {
  /** How many orders are fetched at a time, at most 200. Left out: 50. */
  readonly pageSize?: number;
}

/** Which page of a list is meant. */
export interface PageOptions extends ListOptions {
  /** `nextPageToken` of the page before; the filters must be the same. Left out: the first page. */
  readonly pageToken?: string;
}

const KEYS = ["orderId", "requestId", "clientOrderId"] as const;

export class Orders extends Market {
  /**
   * Stores an order durably and answers; from then on it is executed, watched or not.
   *
   * Safe to retry, and retried here: each submit has a request id, repeated when an answer is lost, under which the
   * engine stores one order for ever. `Unavailable` and `DeadlineExceeded` therefore mean "perhaps": submit with the
   * same `requestId` again, or `get({ requestId })`. Throws `InvalidRequest` naming every bad field, `RequestIdReused`
   * where the id belongs to an order with other terms, `QuoteExpired`, and `RateLimited`.
   */
  async submit(terms: SubmitTerms, options: Options = {}): Promise<SubmittedOrder> {
    return this.#submit(await this.submission(terms, options), options);
  }

  /** The order as it would be; nothing is stored, and it has no id. Throws what `submit` does. */
  async preview(terms: OrderTerms, options: Options = {}): Promise<SubmittedOrder> {
    return this.#submit({ ...(await this.submission(terms, options)), validateOnly: true }, options);
  }

  /** The order as it is now, by the engine's id or by another key. Throws `NotFound`. */
  async get(order: string | OrderKey, options: Options = {}): Promise<Order> {
    const key = keyOf(order);
    const ask = (call: CallOptions) => this.line.orders.getOrder({ key }, call);
    const answer = await this.line.ask({ timeoutMs: 3000 }, ask, options);
    return present(answer.order, "order");
  }

  /** All orders that pass the filters, newest first, page after page. */
  async *list(filters: Filters = {}, options: ListOptions = {}): AsyncGenerator<Order, void, undefined> {
    let pageToken = "";
    do {
      const page = await this.listPage(filters, { ...options, pageToken });
      yield* page.orders;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  /** One page of them, and in `nextPageToken` the way to the next; empty: it is the last one. */
  async listPage(filters: Filters = {}, options: PageOptions = {}): Promise<ListOrdersResponse> {
    const { pageSize, pageToken } = options;
    const request = writeList(filters, { pageSize, pageToken });
    return this.line.ask({ timeoutMs: 3000 }, (call) => this.line.orders.listOrders(request, call), options);
  }

  /** The child orders of a TWAP order, newest first. */
  children(order: Order | string, options: ListOptions = {}): AsyncGenerator<Order, void, undefined> {
    return this.list({ parentOrderId: idOf(order) }, options);
  }

  /** Its whole story: every event, every quote of every attempt, why each came to nothing. */
  explain(order: Order | string, options: Options = {}): Promise<ExplainOrderResponse> {
    const request = { orderId: idOf(order) };
    return this.line.ask({ timeoutMs: 3000 }, (call) => this.line.orders.explainOrder(request, call), options);
  }

  /** What executions gave and cost, by day, pair and venue. */
  async report(filters: ReportFilters = {}, options: Options = {}): Promise<ReportExecutionResponse> {
    const request = writeReport(filters);
    return this.line.ask({ timeoutMs: 30_000 }, (call) => this.line.orders.reportExecution(request, call), options);
  }

  /** The request of a submit, made once, so that every retry carries the same id. */
  protected async submission({ requestId, ...terms }: SubmitTerms, options: Options) {
    const tokens = await this.known.tokensWith([terms.tokenIn, terms.tokenOut], options);
    return checked(SubmitOrderRequestSchema, { spec: writeSpec(terms, tokens), requestId: requestId || uuid() });
  }

  async #submit(request: Awaited<ReturnType<Orders["submission"]>>, options: Options): Promise<SubmittedOrder> {
    const ask = (call: CallOptions) => this.line.orders.submitOrder(request, call);
    const answer = await this.line.ask({ timeoutMs: 5000, asksAgain: true }, ask, options);
    return Object.assign(present(answer.order, "order"), { deduplicated: answer.deduplicated });
  }
}

export function idOf(order: Order | string): string {
  return typeof order === "string" ? order : order.orderId;
}

function keyOf(order: string | OrderKey) {
  const given: Partial<Record<(typeof KEYS)[number], string>> = typeof order === "string" ? { orderId: order } : order;
  const named = KEYS.filter((name) => given[name] !== undefined);
  const [name] = named;
  if (name === undefined || named.length > 1) {
    throw new TypeError("an order is named by orderId, requestId or clientOrderId, one of them");
  }
  return { case: name, value: given[name] ?? "" };
}
