/** A stream over as many connections as it takes. */
import { sleep } from "./abortable.js";
import { Connection } from "./connection.js";
import type { Course } from "./course.js";
import type { ApiError } from "./errors.js";
import { translate } from "./failures.js";
import type { Options } from "./terms.js";

/** What a stream may be told. */
export interface StreamOptions extends Options {
  /** Called before each pause that ends in a new connection: why the last one broke, and how long the pause is. */
  readonly onReconnect?: (error: ApiError, pauseMs: number) => void;
}

/**
 * Iterates over what the engine sends; opens nothing before it is iterated over.
 *
 * A lost connection is opened again. Leaving the loop gives the connection back, and another loop goes on behind what
 * was given last; `close` ends the stream and a loop over it. Iteration throws `ApiError` where going on is pointless
 * (a token that is not valid), or where not even the first connection came about; `DeadlineExceeded` when the stream's
 * own timeout is over; the reason of its signal.
 */
export class Stream<F, T> implements AsyncIterable<T> {
  readonly #course: Course<F, T>;
  readonly #options: StreamOptions;
  readonly #closing = new AbortController();
  /** Aborted by `close` and by the caller's own signal. */
  readonly #end: AbortSignal;
  readonly #ahead: T[] = [];
  #connection: Connection<F> | undefined;

  constructor(course: Course<F, T>, options: StreamOptions) {
    this.#course = course;
    this.#options = options;
    this.#end = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    this.#end.addEventListener("abort", () => this.#hangUp());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const found = this.#ahead.shift() ?? (await this.#next());
        if (found === undefined) return;
        yield found;
      }
    } finally {
      this.#hangUp();
    }
  }

  /** Waits until it is fixed from where it goes on: what happens from then on is seen, however late one looks. */
  async begin(): Promise<void> {
    while (!this.#course.placed) {
      const found = await this.#next(() => this.#course.placed);
      if (found === undefined) return;
      this.#ahead.push(found);
    }
  }

  /** Ends the stream; a loop over it ends too. */
  close(): void {
    this.#closing.abort();
  }

  /** What is given next; `undefined`: there is no more, or enough was seen. */
  async #next(enough: () => boolean = () => false): Promise<T | undefined> {
    let found: T | undefined;
    while (found === undefined && !(this.#course.finished || this.#end.aborted || enough())) found = await this.#step();
    this.#options.signal?.throwIfAborted();
    return found;
  }

  async #step(): Promise<T | undefined> {
    try {
      this.#connection ??= new Connection(this.#course);
      const frame = await this.#connection.read();
      if (frame !== undefined) return this.#course.take(frame);
      this.#course.endOfStream();
    } catch (error) {
      this.#hangUp();
      if (!this.#end.aborted) await this.#pause(translate(error));
    }
    return undefined;
  }

  async #pause(error: ApiError): Promise<void> {
    const ms = this.#course.pauseAfter(error);
    this.#options.onReconnect?.(error, ms);
    await sleep(ms, this.#end);
  }

  #hangUp(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}
