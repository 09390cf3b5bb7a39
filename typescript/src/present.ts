/** What the contract promises to be there. */
import { Internal } from "./errors.js";

/** The message of a field that is always set. Throws `Internal` where a broken engine left it out. */
export function present<T>(message: T | undefined, field: string): T {
  if (message === undefined) throw new Internal(`the answer has no ${field}`, { reason: "INCOMPLETE" });
  return message;
}
