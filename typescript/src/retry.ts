/** When a call is made again, and after how long. The clock and the dice are given. */
import { DeadlineExceeded, Unavailable, type ApiError } from "./errors.js";

/** Milliseconds; the bound of the first pause, doubled with each one that follows. */
export const FIRST_PAUSE_MS = 100;

/** Milliseconds; no bound is greater. */
export const LONGEST_PAUSE_MS = 5000;

/** Time and luck. */
export interface Chance {
  readonly now: () => number;
  readonly random: () => number;
}

export const CHANCE: Chance = { now: () => performance.now(), random: Math.random };

/** How long a call may take where its caller says nothing, and whether a lost answer is asked for in that time. */
export interface Method {
  readonly timeoutMs: number;
  /** The call is idempotent and must get through. */
  readonly asksAgain?: boolean;
  /** Made again it would be done twice: whatever its caller allows, it is made once. */
  readonly once?: boolean;
}

/**
 * Milliseconds to wait after so many failures in a row: full jitter, on top of the seconds the engine asked for.
 *
 * Full jitter is the variant of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ that spreads
 * the clients of a restarted server best. An engine asks all of them for the same; they are spread over as long again,
 * or they would come back in one instant.
 */
export function pause(failures: number, chance: Chance, retryAfter: number | undefined): number {
  const least = (retryAfter ?? 0) * 1000;
  const bound = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 16));
  return least + chance.random() * Math.max(bound, least);
}

/** The attempts at one call. */
export class Attempts {
  readonly #asksAgain: boolean;
  readonly #retries: number;
  readonly #deadline: number;
  #failures = 0;

  constructor(
    method: Method,
    timeoutMs: number | undefined,
    maxRetries: number,
    readonly chance: Chance,
  ) {
    this.#asksAgain = method.asksAgain ?? false;
    this.#retries = method.once ? 0 : maxRetries;
    this.#deadline = chance.now() + (timeoutMs ?? method.timeoutMs);
  }

  /**
   * Milliseconds the next attempt may take.
   *
   * Where a lost answer is asked for again, an attempt gets half of what is left, or there were no time to ask.
   */
  get timeoutMs(): number {
    const left = Math.max(this.#deadline - this.chance.now(), 1);
    return Math.ceil(this.#asksAgain && this.#failures < this.#retries ? left / 2 : left);
  }

  /** Milliseconds to wait before the next attempt. Throws the error where there is none to make. */
  pauseAfter(error: ApiError): number {
    this.#failures += 1;
    if (this.#failures > this.#retries || !this.#worthRepeating(error)) throw error;
    const ms = pause(this.#failures, this.chance, error.retryAfter);
    if (this.chance.now() + ms >= this.#deadline) throw error;
    return ms;
  }

  #worthRepeating(error: ApiError): boolean {
    return error instanceof Unavailable || (this.#asksAgain && error instanceof DeadlineExceeded);
  }
}
