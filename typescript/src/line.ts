/** The way to the engine: how calls are made on it, and made again. */
import { createClient, type CallOptions, type Client, type Transport } from "@connectrpc/connect";

import { sleep } from "./abortable.js";
import { translate } from "./failures.js";
import { Attempts, CHANCE, type Chance, type Method } from "./retry.js";
import type { Options } from "./terms.js";
import { AccountService, MarketService, OrderService } from "./v1.js";

/** How patient calls are where their caller says nothing. */
export interface Policy {
  /** For a whole call, retries included; it limits no stream. Absent: the method's own. */
  readonly timeoutMs?: number | undefined;
  readonly maxRetries: number;
}

/** A transport, the contract's clients on it, and the patience they are used with. */
export class Line {
  readonly orders: Client<typeof OrderService>;
  readonly market: Client<typeof MarketService>;
  readonly accounts: Client<typeof AccountService>;

  constructor(
    transport: Transport,
    readonly policy: Policy,
    readonly chance: Chance = CHANCE,
  ) {
    this.orders = createClient(OrderService, transport);
    this.market = createClient(MarketService, transport);
    this.accounts = createClient(AccountService, transport);
  }

  /** Makes a call, and makes it again where that is safe and may help. Throws `ApiError`, or the signal's reason. */
  async ask<T>(method: Method, call: (options: CallOptions) => Promise<T>, options: Options): Promise<T> {
    const { signal, timeoutMs = this.policy.timeoutMs, maxRetries = this.policy.maxRetries } = options;
    const attempts = new Attempts(method, timeoutMs, maxRetries, this.chance);
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await call({ timeoutMs: attempts.timeoutMs, signal });
      } catch (error) {
        signal?.throwIfAborted();
        await sleep(attempts.pauseAfter(translate(error)), signal);
      }
    }
  }
}
