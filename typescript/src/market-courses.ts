/** The courses of streams about the market: a new connection begins with the present, so that nothing is resumed. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallOptions } from "@connectrpc/connect";

import { Course, type Patience } from "./course.js";
import type { Line } from "./line.js";
import { present } from "./present.js";
import type { Quote, StreamQuotesRequestSchema, StreamQuotesResponse, WatchPricesResponse } from "./v1.js";

type Request = MessageInitShape<typeof StreamQuotesRequestSchema>;

/** Quotes of one amount. */
export class QuoteCourse extends Course<StreamQuotesResponse, Quote> {
  constructor(
    private readonly write: () => Promise<Request>,
    private readonly line: Line,
    patience: Patience,
  ) {
    super(patience);
  }

  async open(options: CallOptions): Promise<AsyncIterable<StreamQuotesResponse>> {
    this.connect();
    return this.line.market.streamQuotes(await this.write(), options);
  }

  take(frame: StreamQuotesResponse): Quote {
    this.hear();
    return present(frame.quote, "quote");
  }
}

/** Prices of pairs. */
export class PriceCourse extends Course<WatchPricesResponse, WatchPricesResponse> {
  constructor(
    private readonly pairs: readonly string[],
    private readonly line: Line,
    patience: Patience,
  ) {
    super(patience);
  }

  open(options: CallOptions): Promise<AsyncIterable<WatchPricesResponse>> {
    this.connect();
    return Promise.resolve(this.line.market.watchPrices({ pairs: [...this.pairs] }, options));
  }

  take(frame: WatchPricesResponse): WatchPricesResponse {
    this.hear();
    return frame;
  }
}
