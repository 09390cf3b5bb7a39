/** Collects what is wrong with a request before it is sent, so that a caller hears of every bad field at once. */
import { InvalidRequest, type Violation } from "./errors.js";

/** The bad fields of one request. */
export class Violations {
  readonly #found: Violation[] = [];

  /** What `write` gives; a `RangeError` of it is what is wrong with `field`. A `TypeError` is the caller's own. */
  within<T>(field: string, write: () => T): T | undefined {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.add(field, error.message);
      return undefined;
    }
  }

  add(field: string, description: string): void {
    this.#found.push({ field, description });
  }

  /** Throws `InvalidRequest`, as the engine would, where anything was found. */
  check(): void {
    if (this.#found.length === 0) return;
    const message = this.#found.map((one) => `${one.field}: ${one.description}`).join("; ");
    throw new InvalidRequest(message, { reason: "INVALID_REQUEST", violations: this.#found });
  }
}
