/** The course of a stream over all its connections: what the next one asks for, and when there is none. */
import type { CallOptions } from "@connectrpc/connect";

import {
  AlreadyExists,
  DeadlineExceeded,
  FailedPrecondition,
  InvalidRequest,
  NotFound,
  OutOfRange,
  PermissionDenied,
  Unauthenticated,
  Unavailable,
  Unimplemented,
  type ApiError,
} from "./errors.js";
import { pause, type Chance } from "./retry.js";

/** Errors that would come again however often one asked; all others end in a new connection. */
export const TERMINATING = [
  InvalidRequest, NotFound, AlreadyExists, FailedPrecondition, OutOfRange, Unauthenticated, PermissionDenied,
  Unimplemented,
] as const;

/** A stream without a frame for so many heartbeats is dead: one may be late, one lost. */
const SILENT_INTERVALS = 3;

/** How long a stream lasts, and how it is kept. */
export interface Patience {
  readonly timeoutMs: number | undefined;
  /** How often the engine gives a sign of life. Absent: this stream has no heartbeats. */
  readonly heartbeatMs: number | undefined;
  readonly maxRetries: number;
  readonly chance: Chance;
}

/** Where a stream of frames `F` stands, and what that means for the next frame, the next request and the next pause. */
export abstract class Course<F, T> {
  /** Nothing can follow. */
  finished = false;
  /** Milliseconds without a frame after which a connection is dead. Absent: never. */
  readonly silenceMs: number | undefined;
  /** The engine has answered; from then on the stream is kept alive. */
  protected reached = false;
  protected failures = 0;
  #frames = 0;
  readonly #deadline: number | undefined;

  constructor(protected readonly patience: Patience) {
    const { heartbeatMs, timeoutMs, chance } = patience;
    this.silenceMs = heartbeatMs === undefined ? undefined : SILENT_INTERVALS * heartbeatMs;
    this.#deadline = timeoutMs === undefined ? undefined : chance.now() + timeoutMs;
  }

  /** Opens the next connection. */
  abstract open(options: CallOptions): Promise<AsyncIterable<F>>;

  /**
   * What a frame gives; `undefined`: nothing, or what was given before.
   *
   * Throws `Unavailable` where something is missing; a new connection brings it.
   */
  abstract take(frame: F): T | undefined;

  /** Whether it is fixed from where the frames come. */
  get placed(): boolean {
    return this.reached;
  }

  /** Milliseconds left for the whole stream. `undefined`: no limit. */
  get timeoutMs(): number | undefined {
    return this.#deadline && Math.ceil(Math.max(this.#deadline - this.patience.chance.now(), 1));
  }

  /** A connection begins. */
  protected connect(): void {
    this.#frames = 0;
  }

  /** The engine has sent a frame that needs no order to mean something. */
  protected hear(): void {
    this.reached = true;
    this.#frames += 1;
    // Not with the first one: an engine that gives no other must not be asked without pause.
    if (this.#frames > 1) this.failures = 0;
  }

  /** The engine ended the stream with OK. Throws `Unavailable` where that is not its end. */
  endOfStream(): void {
    throw new Unavailable("the stream ended before its time", { reason: "CUT_SHORT" });
  }

  /**
   * Milliseconds to wait before the next connection. Throws where there shall be none.
   *
   * Until it is reached a stream is a call like any other, with its number of retries; from then on it lives as long as
   * what it shows, or as its timeout.
   */
  pauseAfter(error: ApiError): number {
    this.failures += 1;
    const hopeless = this.finished || TERMINATING.some((kind) => error instanceof kind);
    if (hopeless || (!this.reached && this.failures > this.patience.maxRetries)) throw error;
    const ms = pause(this.failures, this.patience.chance, error.retryAfter);
    if (this.#deadline !== undefined && this.patience.chance.now() + ms >= this.#deadline) {
      throw new DeadlineExceeded("the time for the stream is up", { cause: error });
    }
    return ms;
  }
}

/** The error of a connection on which no frame came for so long. */
export function silent(ms: number): ApiError {
  return new Unavailable(`no sign of life for ${ms / 1000} s`, { reason: "SILENT" });
}
