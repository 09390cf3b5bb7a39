/**
 * fillwire in TypeScript: submit token-swap orders to the engine, and watch them until they are final.
 *
 *     const client = new FillwireClient("http://127.0.0.1:8080");
 *     const order = await client.submit({ tokenIn: "SOL", tokenOut: "USDC", amountIn: "1.5", slippageBps: 50 });
 *     for await (const event of client.watch(order)) console.log(event.seq, OrderStatus[event.status]);
 */
export type { SecretWebhook } from "./accounts.js";
export { FillwireClient, type ClientOptions } from "./client.js";
export type { Quantity } from "./decimals.js";
export * from "./errors.js";
export type { AccountFilters, CancelFilters, Filters, PoolFilters, ReportFilters } from "./filters.js";
export type { QuoteStreamOptions } from "./market.js";
export type { ListOptions, OrderKey, PageOptions, SubmittedOrder } from "./orders.js";
export { createSocketTransport, type SocketOptions, type SocketTransport } from "./socket/transport.js";
export type { WebSocketConstructor } from "./socket/web-socket.js";
export { isFinal } from "./statuses.js";
export { Stream, type StreamOptions } from "./stream.js";
export type {
  NewTerms,
  Options,
  OrderKind,
  OrderTerms,
  QuoteTerms,
  ReplaceTerms,
  Routing,
  SubmitTerms,
  Swap,
  WebhookChanges,
  WebhookTerms,
} from "./terms.js";
export { Tokens } from "./tokens.js";
export {
  CancelResult,
  FailureReason,
  OrderStatus,
  OrderType,
  Scope,
  SniperOrder_Trigger as SniperTrigger,
  TimeInForce,
} from "./v1.js";
export type { Order, OrderEvent, Pool, Quote, Route, Token, Venue, Webhook } from "./v1.js";
export { AccountWatch, Watch, type OrderWatchOptions, type WatchOptions } from "./watches.js";
export { verifyWebhook, type VerifyOptions, type WebhookHeaders } from "./webhook.js";
