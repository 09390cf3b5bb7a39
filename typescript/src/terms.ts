/** The arguments of the client's methods. Amounts are in whole tokens, prices in tokens out per token in. */
import type { Quantity } from "./decimals.js";
import type { OrderStatus, OrderType, Quote, SniperOrder_Trigger, TimeInForce } from "./v1.js";

/** What a call may be told beside its request. */
export interface Options {
  /** Ends the call; it throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** For the whole call, retries and reconnects included. Left out: the method's own, and of streams none. */
  readonly timeoutMs?: number;
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

/** Which orders to list. All that are given must hold. */
export interface Filters {
  readonly statuses?: readonly OrderStatus[];
  readonly types?: readonly OrderType[];
  readonly tokenIn?: string;
  readonly tokenOut?: string;
  readonly clientOrderId?: string;
  /** Only children of this order. */
  readonly parentOrderId?: string;
  /** Accepted at or after it. */
  readonly createTimeFrom?: Date;
  /** Accepted before it. */
  readonly createTimeBefore?: Date;
}

/** Which events of the account to watch. All that are given must hold. */
export interface AccountFilters {
  /** Events that enter one of these. */
  readonly statuses?: readonly OrderStatus[];
  readonly tokenIn?: string;
  readonly tokenOut?: string;
  readonly clientOrderId?: string;
  /** Final events only. */
  readonly terminalOnly?: boolean;
  /** Without a cursor: begin with the account's first event. */
  readonly fromStart?: boolean;
}

/** Which executions to sum up. All that are given must hold. */
export interface ReportFilters {
  /** Confirmed at or after it. Left out: 7 days before `confirmTimeBefore`. */
  readonly confirmTimeFrom?: Date;
  /** Confirmed before it. Left out: now. */
  readonly confirmTimeBefore?: Date;
  readonly tokenIn?: string;
  readonly tokenOut?: string;
}
