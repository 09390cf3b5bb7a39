// @ts-check
/** A call that did not end with OK. `details` are the engine's own: google.rpc.ErrorInfo, BadRequest and so on. */
export class CallError extends Error {
  /** @param {import("./link.js").End} end */
  constructor({ code, message = code, details = [] }) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** Whether the call may have been carried out all the same. */
  get unknown() {
    return this.code === "UNAVAILABLE" || this.code === "DEADLINE_EXCEEDED";
  }

  /** The engine's own name of the error: "QUOTE_EXPIRED". */
  get reason() {
    return this.details.find((detail) => detail.reason)?.reason ?? "";
  }
}
