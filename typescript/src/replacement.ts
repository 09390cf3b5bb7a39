/** Writes new terms of an order that rests: those it has, and in their places those that are given. */
import { clone, create, type MessageInitShape } from "@bufbuild/protobuf";

import { checked, expectNames } from "./checked.js";
import { Pen } from "./pen.js";
import { present } from "./present.js";
import { writeTerms } from "./requests.js";
import type { NewTerms, ReplaceTerms } from "./terms.js";
import type { Tokens } from "./tokens.js";
import { uuid } from "./uuid.js";
import { OrderSpecSchema, ReplaceOrderRequestSchema, type Order, type OrderSpec } from "./v1.js";

/** Where each term stands in the contract's spec. */
const FIELDS = {
  amountIn: "amount",
  amountOut: "amount",
  slippageBps: "slippageBps",
  minAmountOut: "minAmountOut",
  maxAmountIn: "maxAmountIn",
  maxPriceImpactBps: "maxPriceImpactBps",
  deadline: "deadline",
  timeInForce: "timeInForce",
  goodTillTime: "goodTillTime",
  clientOrderId: "clientOrderId",
  routing: "routing",
  type: "type",
} as const satisfies Record<keyof NewTerms, keyof OrderSpec>;

type Term = keyof typeof FIELDS;

const TERMS = Object.keys(FIELDS) as Term[];
const NAMES: ReadonlySet<string> = new Set(TERMS);

/** What no order is without. */
const LASTING: readonly Term[] = ["amountIn", "amountOut", "type"];

type Given = { readonly [Name in keyof NewTerms]: Exclude<NewTerms[Name], null> };

/**
 * The request, made once, so that every retry carries the same id.
 *
 * Throws `InvalidRequest` with every bad field, `TypeError` for an unknown term and for one that cannot be taken off.
 */
export function writeReplacement(
  order: Order,
  { requestId, ifLastSeq = order.lastSeq, ...terms }: ReplaceTerms,
  tokens: Tokens,
): MessageInitShape<typeof ReplaceOrderRequestSchema> {
  expectNames("a resting order", NAMES, terms);
  const spec = present(order.spec, "spec");
  const { tokenIn, tokenOut } = spec;
  const given = { ...withoutNulls(terms), tokenIn, tokenOut };
  const pen = new Pen(given, tokens, "spec.");
  pen.pair();
  const isResized = given.amountIn !== undefined || given.amountOut !== undefined;
  const written = { amount: isResized ? pen.exact() : undefined, ...writeTerms(given, pen) };
  const request = {
    orderId: order.orderId,
    spec: changed(spec, create(OrderSpecSchema, written), TERMS.filter((name) => terms[name] !== undefined)),
    ifLastSeq: ifLastSeq === null ? undefined : pen.violations.within("if_last_seq", () => seqOf(ifLastSeq)),
    requestId: requestId || uuid(),
  };
  pen.violations.check();
  return checked(ReplaceOrderRequestSchema, request);
}

/** The old spec with some terms of the new one. It is the order's own: what this package does not know stays. */
function changed(old: OrderSpec, given: OrderSpec, terms: readonly Term[]): OrderSpec {
  const spec = clone(OrderSpecSchema, old);
  // A quote binds a new order, and was good for one time.
  spec.quoteId = "";
  for (const name of terms) put(spec, given, FIELDS[name]);
  return spec;
}

function put<Field extends keyof OrderSpec>(spec: OrderSpec, given: OrderSpec, field: Field): void {
  spec[field] = given[field];
}

function withoutNulls(terms: NewTerms): Given {
  const entries = Object.entries(terms).filter(([, value]) => value !== null);
  const lost = LASTING.find((name) => terms[name] === null);
  if (lost !== undefined) throw new TypeError(`"${lost}" can be changed, but no order is without`);
  return Object.fromEntries(entries) as Given;
}

/** Throws `RangeError` for a number that is not whole, as `BigInt` does. */
function seqOf(seq: bigint | number): bigint {
  if (typeof seq !== "bigint" && typeof seq !== "number") throw new TypeError(`a seq is a bigint, not ${typeof seq}`);
  return BigInt(seq);
}
