/** The arguments of the client's methods. Amounts are in whole tokens, prices in tokens out per token in. */
import type { Quantity } from "./decimals.js";
import type { OrderStatus, Quote, SniperOrder_Trigger, TimeInForce } from "./v1.js";

/** What a call may be told beside its request. */
export interface Options {
  /** Ends the call; it throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** For the whole call, retries and reconnects included. Left out: the method's own, and of streams none. */
  readonly timeoutMs?: number;
  /** How often it is made again after `Unavailable`. Left out: as the client has it. */
  readonly maxRetries?: number;
}

/** The two tokens, by symbol or mint, and the side that is exact: give so much, or get so much. */
export type Swap = { readonly tokenIn: string; readonly tokenOut: string } & (
  | { readonly amountIn: Quantity; readonly amountOut?: undefined }
  | { readonly amountIn?: undefined; readonly amountOut: Quantity }
);

/** Limits of a route. What is left out is as the engine has it. */
export interface Routing {
  /** The most legs, 1 to 16. Left out: 4. */
  readonly maxLegs?: number;
  /** The most swaps one after the other, 1 to 4. Left out: 3. */
  readonly maxHops?: number;
  /** Only these venues. Left out: all. */
  readonly includeVenues?: readonly string[];
  /** None of these venues. */
  readonly excludeVenues?: readonly string[];
}

/** What a quote is asked for. */
export type QuoteTerms = Swap & { readonly routing?: Routing };

/** When an order executes. */
export type OrderKind =
  /** At once. */
  | { readonly kind: "market" }
  /** Rests until the whole amount can be swapped at that price or better; it needs no other bound. */
  | { readonly kind: "limit"; readonly limitPrice: Quantity }
  /** Rests until the mid is at or below it. */
  | { readonly kind: "stop"; readonly triggerPrice: Quantity }
  /** Rests until the mid is at or above it. */
  | { readonly kind: "takeProfit"; readonly triggerPrice: Quantity }
  /** Rests until the mid has fallen by so much, 1 to 9999 bps, from its best since it was armed. */
  | { readonly kind: "trailingStop"; readonly trailBps: number; readonly activationPrice?: Quantity }
  /** Rests until that time. */
  | { readonly kind: "scheduled"; readonly executeTime: Date }
  /** Cut into 2 to 1000 child orders, one after the other. */
  | { readonly kind: "twap"; readonly slices: number; readonly intervalMs: number; readonly startTime?: Date }
  /** Rests until a pool of the pair appears, with so much of the token given. */
  | { readonly kind: "sniper"; readonly trigger?: SniperOrder_Trigger; readonly minLiquidity?: Quantity }
  /** A limit and a stop, of which the first to be met ends the other. */
  | { readonly kind: "oco"; readonly limitPrice: Quantity; readonly triggerPrice: Quantity };

/**
 * The terms of an order.
 *
 * A bound must be given: `slippageBps`, or `minAmountOut`, or of an exact-out order `maxAmountIn`; with both, the
 * stricter one holds. A limit order needs no other bound than its price.
 */
export type OrderTerms = Swap & {
  /** How far the execution may be worse than the first quote, or than `quote`, 0 to 10000. */
  readonly slippageBps?: number;
  /** Exact-in: the least total output, net of all fees. */
  readonly minAmountOut?: Quantity;
  /** Exact-out: the most total input. */
  readonly maxAmountIn?: Quantity;
  /** The most the route may move the price. Left out: no limit. */
  readonly maxPriceImpactBps?: number;
  /** Nothing is sent to a venue after it. */
  readonly deadline?: Date;
  readonly timeInForce?: TimeInForce;
  /** With `TimeInForce.GTD`. */
  readonly goodTillTime?: Date;
  /** Your own reference, up to 128 characters, echoed in every event. */
  readonly clientOrderId?: string;
  /** Binds the order to a quote, or to the one with that id, while it lives. */
  readonly quote?: Quote | string;
  readonly routing?: Routing;
  /** Left out: a market order. */
  readonly type?: OrderKind;
};

/** The terms of an order, and under which key it is stored. */
export type SubmitTerms = OrderTerms & {
  /** Idempotency key, a UUID. Left out: the client makes one, and repeats it on each retry. */
  readonly requestId?: string;
};

/** New terms of an order that rests. What is left out stays as it is, and `null` takes a term off. */
export type NewTerms = (
  | { readonly amountIn?: Quantity; readonly amountOut?: undefined }
  /** The order is exact-out from then on, whatever it was; of `amountIn` likewise. */
  | { readonly amountIn?: undefined; readonly amountOut: Quantity }
) & {
  readonly slippageBps?: number | null;
  readonly minAmountOut?: Quantity | null;
  readonly maxAmountIn?: Quantity | null;
  readonly maxPriceImpactBps?: number | null;
  readonly deadline?: Date | null;
  /** `null`: the default of its type. */
  readonly timeInForce?: TimeInForce | null;
  readonly goodTillTime?: Date | null;
  readonly clientOrderId?: string | null;
  /** All limits of the route: those that it does not name are the engine's own again. */
  readonly routing?: Routing | null;
  /** The same kind with other figures. */
  readonly type?: Exclude<OrderKind, { readonly kind: "market" }>;
};

/** New terms of an order that rests, for which state of it they are meant, and under which key they are stored. */
export type ReplaceTerms = NewTerms & {
  /** Only if its `lastSeq` is still this. Left out: that of the order whose terms are changed. `null`: any. */
  readonly ifLastSeq?: bigint | number | null;
  /** Idempotency key of the change, a UUID. Left out: the client makes one, and repeats it on each retry. */
  readonly requestId?: string;
};

/** Where events are to be delivered, beside the address. */
export interface WebhookTerms {
  /** Only events that enter one of these. Left out: all. */
  readonly statuses?: readonly OrderStatus[];
  /** Deliver what came behind this cursor of `watchOrders`. Left out: what comes from now on. */
  readonly cursor?: string;
}

/** What is to change of a webhook; what is left out stays as it is. */
export interface WebhookChanges {
  readonly url?: string;
  /** Whether it is on; what happens while it is off is delivered when it is on again. */
  readonly enabled?: boolean;
  /** Go on behind this cursor of `watchOrders`; an earlier one delivers again. */
  readonly cursor?: string;
  /** Make a new secret; the old one is of no more use. */
  readonly rotateSecret?: boolean;
}
