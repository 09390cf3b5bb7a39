/** Writes quotes and orders for the wire, and names every bad field at once. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import { checked } from "./checked.js";
import { writeKind } from "./order-kinds.js";
import { Pen } from "./pen.js";
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
  expect("a quote", QUOTE_TERMS, terms);
  const pen = new Pen(terms, tokens, "");
  const inquiry = { ...pen.pair(), amount: pen.exact(), routing: pen.routing(terms.routing) };
  pen.violations.check();
  return checked(GetQuoteRequestSchema, inquiry);
}

/** What an order asks for. Throws as `writeQuote` does. */
export function writeSpec(terms: OrderTerms, tokens: Tokens): MessageInitShape<typeof OrderSpecSchema> {
  expect("an order", ORDER_TERMS, terms);
  const pen = new Pen(terms, tokens, "spec.");
  const spec = {
    ...pen.pair(),
    amount: pen.exact(),
    slippageBps: pen.count("slippage_bps", terms.slippageBps),
    minAmountOut: pen.amount("min_amount_out", terms.tokenOut, terms.minAmountOut),
    maxAmountIn: pen.amount("max_amount_in", terms.tokenIn, terms.maxAmountIn),
    maxPriceImpactBps: pen.count("max_price_impact_bps", terms.maxPriceImpactBps),
    deadline: pen.time("deadline", terms.deadline),
    timeInForce: terms.timeInForce,
    goodTillTime: pen.time("good_till_time", terms.goodTillTime),
    clientOrderId: terms.clientOrderId,
    quoteId: quoteId(terms.quote, pen),
    routing: pen.routing(terms.routing),
    type: terms.type && writeKind(terms.type, pen),
  };
  pen.violations.check();
  return checked(OrderSpecSchema, spec);
}

/** A mistyped term would be left out in silence, and the order have other terms than were meant. */
function expect(what: string, names: ReadonlySet<string>, terms: object): void {
  for (const name of Object.keys(terms)) {
    if (!names.has(name)) throw new TypeError(`${what} has no term named "${name}"`);
  }
}

function quoteId(quote: OrderTerms["quote"], pen: Pen): string {
  if (quote === undefined || typeof quote === "string") return quote ?? "";
  if (!quote.quoteId) pen.refuse("quote_id", "this quote cannot be bound to an order: it has no id");
  return quote.quoteId;
}
