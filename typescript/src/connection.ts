/** One connection of a stream, and the watchdog that notices when it is dead. */
import type { CallOptions } from "@connectrpc/connect";

import { abortable } from "./abortable.js";
import { silent, type Course } from "./course.js";

/** Frames as they come, until the end or until there was none for too long. */
export class Connection<F> {
  readonly #abort = new AbortController();
  readonly #frames: Promise<AsyncIterator<F>>;

  constructor(private readonly course: Course<F, unknown>) {
    const options: CallOptions = { signal: this.#abort.signal, timeoutMs: course.timeoutMs };
    this.#frames = course.open(options).then((frames) => frames[Symbol.asyncIterator]());
  }

  /** The next frame; `undefined`: the engine has ended the stream. Throws what broke it, or `Unavailable` (SILENT). */
  async read(): Promise<F | undefined> {
    const { silenceMs } = this.course;
    const watchdog = silenceMs && setTimeout(() => this.close(silent(silenceMs)), silenceMs);
    const next = this.#frames.then((frames) => frames.next());
    try {
      const { done, value } = await abortable(next, this.#abort.signal);
      return done ? undefined : (value as F);
    } finally {
      clearTimeout(watchdog);
    }
  }

  /** Gives it back; a read that waits throws the reason. */
  close(reason?: Error): void {
    this.#abort.abort(reason);
  }
}
