/** Writes quotes and orders for the wire, and names every bad field at once. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import { checked, expectNames } from "./checked.js";
import { writeKind } from "./order-kinds.js";
import { Pen, type Quantities } from "./pen.js";
import type { OrderTerms, QuoteTerms } from "./terms.js";
import type { Tokens } from "./tokens.js";
import { GetQuoteRequestSchema, OrderSpecSchema } from "./v1.js";

const QUOTE_TERMS = new Set(["tokenIn", "tokenOut", "amountIn", "amountOut", "routing"]);

const ORDER_TERMS = new Set([
  ...QUOTE_TERMS, "slippageBps", "minAmountOut", "maxAmountIn", "maxPriceImpactBps", "deadline", "timeInForce",
  "goodTillTime", "clientOrderId", "quote", "type",
]);

/** Asks what an amount would give. Throws `InvalidRequest` with every bad field, `TypeError` for an unknown term. */
export function writeQuote(terms: QuoteTerms, tokens: Tokens): MessageInitShape<typeof GetQuoteRequestSchema> {
  expectNames("a quote", QUOTE_TERMS, terms);
  const pen = new Pen(terms, tokens, "");
  const inquiry = { ...pen.pair(), amount: pen.exact(), routing: pen.routing(terms.routing) };
  pen.violations.check();
  return checked(GetQuoteRequestSchema, inquiry);
}

/** What an order asks for. Throws as `writeQuote` does. */
export function writeSpec(terms: OrderTerms, tokens: Tokens): MessageInitShape<typeof OrderSpecSchema> {
  expectNames("an order", ORDER_TERMS, terms);
  const pen = new Pen(terms, tokens, "spec.");
  const quoteId = boundTo(terms.quote, pen);
  const spec = { ...pen.pair(), amount: pen.exact(), ...writeTerms(terms, pen), quoteId };
  pen.violations.check();
  return checked(OrderSpecSchema, spec);
}

/** The terms that a resting order may get anew, all but its amount. */
export function writeTerms(terms: Quantities & Omit<OrderTerms, "quote">, pen: Pen) {
  return {
    slippageBps: pen.count("slippage_bps", terms.slippageBps),
    minAmountOut: pen.amount("min_amount_out", terms.tokenOut, terms.minAmountOut),
    maxAmountIn: pen.amount("max_amount_in", terms.tokenIn, terms.maxAmountIn),
    maxPriceImpactBps: pen.count("max_price_impact_bps", terms.maxPriceImpactBps),
    deadline: pen.time("deadline", terms.deadline),
    timeInForce: terms.timeInForce,
    goodTillTime: pen.time("good_till_time", terms.goodTillTime),
    clientOrderId: terms.clientOrderId,
    routing: pen.routing(terms.routing),
    type: terms.type && writeKind(terms.type, pen),
  };
}

function boundTo(quote: OrderTerms["quote"], pen: Pen): string {
  if (quote === undefined || typeof quote === "string") return quote ?? "";
  if (!quote.quoteId) pen.refuse("quote_id", "this quote cannot be bound to an order: it has no id");
  return quote.quoteId;
}
