/** Writes the fields of one request, and keeps what is wrong with them. */
import { durationFromMs, timestampFromDate, type Duration, type Timestamp } from "@bufbuild/protobuf/wkt";

import { plain, type Quantity } from "./decimals.js";
import type { Routing } from "./terms.js";
import type { Tokens } from "./tokens.js";
import { Violations } from "./violations.js";

type Exact = { case: "amountIn"; value: string } | { case: "amountOut"; value: string };

/** A pair, and which of its amounts is exact, as far as that is to be written. */
export interface Quantities {
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn?: Quantity | undefined;
  readonly amountOut?: Quantity | undefined;
}

const MAX_UINT32 = 2 ** 32 - 1;

/** The contract's own bounds: 10,000 years, and the years 1 to 9999. */
const LONGEST_MS = 315_576_000_000_000;
const FIRST_TIME = Date.parse("0001-01-01T00:00:00Z");
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** Each method takes the field's path in the request; what is absent, and what is wrong, is written as absent. */
export class Pen {
  readonly violations = new Violations();

  /** `prefix` is where the request stands in that of the contract. */
  constructor(
    readonly terms: Quantities,
    private readonly tokens: Tokens,
    private readonly prefix: string,
  ) {}

  pair(): { tokenIn: string; tokenOut: string } {
    const { tokenIn, tokenOut } = this.terms;
    this.#within("token_in", () => this.tokens.find(tokenIn));
    this.#within("token_out", () => this.tokens.find(tokenOut));
    return { tokenIn, tokenOut };
  }

  exact(): Exact {
    const { tokenIn, tokenOut, amountIn, amountOut } = this.terms;
    if ((amountIn === undefined) === (amountOut === undefined)) {
      throw new TypeError("one side is exact: give amountIn or amountOut, one of them");
    }
    if (amountIn !== undefined) return { case: "amountIn", value: this.amount("amount_in", tokenIn, amountIn) };
    return { case: "amountOut", value: this.amount("amount_out", tokenOut, amountOut) };
  }

  amount(field: string, token: string, quantity: Quantity | undefined): string {
    // An unknown token is a violation of its own already.
    if (quantity === undefined || !this.tokens.has(token)) return "";
    return this.#within(field, () => this.tokens.units(token, quantity).toString()) ?? "";
  }

  price(field: string, price: Quantity | undefined): string {
    return (price !== undefined && this.#within(field, () => plain(price))) || "";
  }

  count(field: string, count: number | undefined): number | undefined {
    return count === undefined ? undefined : this.#within(field, () => whole(field, count));
  }

  time(field: string, time: Date | undefined): Timestamp | undefined {
    return time && this.#within(field, () => timestamp(time));
  }

  span(field: string, ms: number): Duration | undefined {
    return this.#within(field, () => duration(ms));
  }

  routing(routing: Routing | undefined) {
    return (
      routing && {
        maxLegs: this.count("routing.max_legs", routing.maxLegs),
        maxHops: this.count("routing.max_hops", routing.maxHops),
        includeVenues: venues(routing.includeVenues),
        excludeVenues: venues(routing.excludeVenues),
      }
    );
  }

  /** What is wrong with a field that is written elsewhere. */
  refuse(field: string, rule: string): void {
    this.violations.add(this.prefix + field, rule);
  }

  #within<T>(field: string, write: () => T): T | undefined {
    return this.violations.within(this.prefix + field, write);
  }
}

/** A time for the wire. Throws `TypeError` for what is no Date, `RangeError` for what is no time. */
export function timestamp(time: Date): Timestamp {
  if (!(time instanceof Date)) throw new TypeError(`a time is a Date, not ${typeof time}`);
  const ms = time.getTime();
  if (Number.isNaN(ms)) throw new RangeError("that is no time");
  if (ms < FIRST_TIME || ms > LAST_TIME) throw new RangeError(`${time.toISOString()} is not in the years 1 to 9999`);
  return timestampFromDate(time);
}

/** A span of time for the wire. Throws `TypeError` for what is no number, `RangeError` for what is no span. */
export function duration(ms: number): Duration {
  if (typeof ms !== "number") throw new TypeError(`a span of time is a number of milliseconds, not ${typeof ms}`);
  if (!(Math.abs(ms) <= LONGEST_MS)) throw new RangeError(`${ms} ms is no span of time`);
  return durationFromMs(Math.round(ms));
}

function whole(field: string, count: number): number {
  if (typeof count !== "number") throw new TypeError(`${field} is a number, not ${typeof count}`);
  if (Number.isInteger(count) && count >= 0 && count <= MAX_UINT32) return count;
  throw new RangeError(`${count} is no whole number from 0 on`);
}

/** A text is iterable too, and each letter would count as a venue. */
function venues(named: readonly string[] = []): string[] {
  if (!Array.isArray(named)) throw new TypeError("venues are given as an array");
  return [...named];
}
