/** The part of the client that asks about the market. */
import type { CallOptions } from "@connectrpc/connect";

import type { Patience } from "./course.js";
import { writePools, type PoolFilters } from "./filters.js";
import { Known } from "./known.js";
import type { Line } from "./line.js";
import { PriceCourse, QuoteCourse } from "./market-courses.js";
import { duration } from "./pen.js";
import { present } from "./present.js";
import { writeQuote } from "./requests.js";
import { Stream, type StreamOptions } from "./stream.js";
import type { Options, QuoteTerms } from "./terms.js";
import type { Tokens } from "./tokens.js";
import type { Pool, Quote, StreamQuotesResponse, Venue, WatchPricesResponse } from "./v1.js";

/** What a stream of quotes may be told. */
export interface QuoteStreamOptions extends StreamOptions {
  /** The least time between two quotes, 100 to 60000. Left out: 1000. */
  readonly minIntervalMs?: number;
}

export class Market {
  protected readonly known: Known;

  constructor(protected readonly line: Line) {
    this.known = new Known(line);
  }

  /**
   * The route an amount would take, and how good it is proven to be; nothing is stored.
   *
   * Throws `InvalidRequest` naming every bad field, `NotFound` (NO_ROUTE) and `FailedPrecondition` where the pools
   * cannot serve the amount.
   */
  async quote(terms: QuoteTerms, options: Options = {}): Promise<Quote> {
    const request = await this.#inquiry(terms, options);
    const ask = (call: CallOptions) => this.line.market.getQuote(request, call);
    const answer = await this.line.ask({ timeoutMs: 2000 }, ask, options);
    return present(answer.quote, "quote");
  }

  /** A quote at once, and another whenever it changes and before the last one expires; without end. */
  streamQuotes(terms: QuoteTerms, options: QuoteStreamOptions = {}): Stream<StreamQuotesResponse, Quote> {
    const { minIntervalMs: ms } = options;
    const minInterval = ms === undefined ? undefined : duration(ms);
    const write = async () => ({ request: await this.#inquiry(terms, within(options)), minInterval });
    return new Stream(new QuoteCourse(write, this.line, this.patience(options)), options);
  }

  /** Mid prices of pairs ("SOL/USDC"; none: all), and each change of them; without end. */
  watchPrices(
    pairs: readonly string[] = [],
    options: StreamOptions = {},
  ): Stream<WatchPricesResponse, WatchPricesResponse> {
    return new Stream(new PriceCourse(pairs, this.line, this.patience(options)), options);
  }

  /** What can be swapped; turns amounts into smallest units and back. */
  tokens(options: Options = {}): Promise<Tokens> {
    return this.known.tokens(options);
  }

  /** The venues, how they are, and how they have treated earlier orders. */
  async venues(options: Options = {}): Promise<Venue[]> {
    const answer = await this.line.ask({ timeoutMs: 3000 }, (call) => this.line.market.listVenues({}, call), options);
    return answer.venues;
  }

  /** The pools as they are now. */
  async pools(filters: PoolFilters = {}, options: Options = {}): Promise<Pool[]> {
    const request = writePools(filters);
    const ask = (call: CallOptions) => this.line.market.listPools(request, call);
    const answer = await this.line.ask({ timeoutMs: 3000 }, ask, options);
    return answer.pools;
  }

  /** How long a stream lasts, and how it is kept; this one has no heartbeats. */
  protected patience({ timeoutMs, maxRetries = this.line.policy.maxRetries }: Options): Patience {
    return { timeoutMs, heartbeatMs: undefined, maxRetries, chance: this.line.chance };
  }

  async #inquiry(terms: QuoteTerms, options: Options) {
    return writeQuote(terms, await this.known.tokensWith([terms.tokenIn, terms.tokenOut], options));
  }
}

/** The options of a call that a stream makes on its way: those of the stream, but the call's own time. */
export function within({ signal, maxRetries }: Options): Options {
  return { signal, maxRetries };
}
