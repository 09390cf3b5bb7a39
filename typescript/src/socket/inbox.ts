/** What one call has received and nobody has read yet. */
import type { JsonValue } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";

/** A reader so far behind has left, or will be faster from a new connection on. */
const FULL = 1000;

/** The messages of a call in order, and then its end. One reader. */
export class Inbox {
  readonly #messages: JsonValue[] = [];
  #ended = false;
  #error: ConnectError | undefined;
  #wake: () => void = () => {};

  /** Whether there was room: the reader may be too far behind. */
  push(message: JsonValue): boolean {
    if (this.#messages.length >= FULL) return false;
    this.#messages.push(message);
    this.#wake();
    return true;
  }

  /** The call is over, well or with that error; what came before it is still read. */
  end(error?: ConnectError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  async *messages(): AsyncGenerator<JsonValue, void, undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) yield message;
      else if (this.#error !== undefined) throw this.#error;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
