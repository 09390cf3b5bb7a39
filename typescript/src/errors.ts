/**
 * What can go wrong, named by what the caller does about it: the tree of the Python SDK.
 *
 *     FillwireError
 *       ApiError                 the engine, or the way to it, answered with an error
 *         InvalidRequest           fix the request: `violations` names every bad field
 *         NotFound                 there is no such order, pair or quote
 *         AlreadyExists            what was to be made exists and is different
 *           RequestIdReused          the request id belongs to another order: `fields` differ
 *         FailedPrecondition       not in this state: `violations` says what is in the way
 *           OrderNotResting          the order rests no more: its terms stay as they are
 *           OrderChanged             it was changed since it was read: read it again
 *           QuoteExpired             quote again
 *         OutOfRange               a cursor beyond the log, or of another engine: start anew
 *         Unauthenticated          give a token, or another one
 *         PermissionDenied         this token may not, or this page
 *         RateLimited              wait `retryAfter` seconds
 *           QuotaExhausted           too many orders are open, or streams: end some; `violations` says which
 *         Unavailable              the outcome is unknown: ask again with the same request id
 *         DeadlineExceeded         the same, and there is no time left
 *         Aborted                  somebody else was first: read again, then try again
 *         Cancelled                the call was cancelled on its way
 *         Unimplemented            this engine does not serve it
 *         Internal                 a bug over there: report `requestId`
 *       OrderFailed              the order ended and swapped nothing
 *       WebhookNotVerified       the delivery is not the engine's, or too old: answer 400
 *
 * A client throws nothing else of its own but `TypeError` for an argument of the wrong type, and the reason of the
 * caller's own AbortSignal.
 */
import { FailureReason, OrderStatus, type Order } from "./v1.js";

/** Everything this package throws on purpose. */
export class FillwireError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One thing that is wrong with a request. */
export interface Violation {
  /** Path of the field, as the contract names it: "spec.amount_in". */
  readonly field: string;
  /** For people. */
  readonly description: string;
}

/** What is known of an error beside its message. */
export interface Particulars {
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  readonly violations?: readonly Violation[];
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** A call ended with an error; a subclass for each way to go on. */
export class ApiError extends FillwireError {
  /** The gRPC status. */
  readonly code: string = "UNKNOWN";
  /** For programs: "REQUEST_ID_REUSED". Empty: the answer named none. */
  readonly reason: string;
  /** The values the message mentions. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The engine's name for the call, also in its logs. Empty: the call did not get there. */
  readonly requestId: string;
  /** Every bad field at once. Empty where none was named. */
  readonly violations: readonly Violation[];
  /** Seconds the engine asks to wait before another try. Absent: it did not say. */
  readonly retryAfter: number | undefined;

  constructor(message: string, particulars: Particulars = {}) {
    super(message, "cause" in particulars ? { cause: particulars.cause } : undefined);
    this.reason = particulars.reason ?? "";
    this.metadata = particulars.metadata ?? {};
    this.requestId = particulars.requestId ?? "";
    this.violations = particulars.violations ?? [];
    this.retryAfter = particulars.retryAfter;
  }
}

/** The request can never be served as it is. */
export class InvalidRequest extends ApiError {
  override readonly code = "INVALID_ARGUMENT";
}

/** What was asked for does not exist, or belongs to somebody else. */
export class NotFound extends ApiError {
  override readonly code = "NOT_FOUND";
}

/** What was to be made exists and is different. */
export class AlreadyExists extends ApiError {
  override readonly code = "ALREADY_EXISTS";
}

/** The request id belongs to an order with other terms; nothing was stored. */
export class RequestIdReused extends AlreadyExists {
  /** The fields in which this request differs from the one that has the id. */
  get fields(): readonly string[] {
    const named = (this.metadata["fields"] ?? "").split(",");
    return named.map((name) => name.trim()).filter((name) => name !== "");
  }
}

/** The engine is not in a state in which this can be done. */
export class FailedPrecondition extends ApiError {
  override readonly code = "FAILED_PRECONDITION";
}

/** Only a resting order can be changed, and this one rests no more. */
export class OrderNotResting extends FailedPrecondition {}

/** The order has had events since the `lastSeq` that the change was made for. */
export class OrderChanged extends FailedPrecondition {}

/** The quote that the order is to be bound to is no longer good. */
export class QuoteExpired extends FailedPrecondition {}

/** A cursor lies beyond the log, as after a restored backup, before what is kept of it, or is of another engine. */
export class OutOfRange extends ApiError {
  override readonly code = "OUT_OF_RANGE";
}

/** The token is missing or not valid. */
export class Unauthenticated extends ApiError {
  override readonly code = "UNAUTHENTICATED";
}

/** The token is valid and may not do this, or the bridge does not serve this page. */
export class PermissionDenied extends ApiError {
  override readonly code = "PERMISSION_DENIED";
}

/** Too many calls; `retryAfter` says how long to wait. */
export class RateLimited extends ApiError {
  override readonly code = "RESOURCE_EXHAUSTED";
}

/** The account has as many orders or streams open as it may; waiting alone does not help. */
export class QuotaExhausted extends RateLimited {}

/** The engine could not be reached or could not answer; whether it acted is unknown. */
export class Unavailable extends ApiError {
  override readonly code = "UNAVAILABLE";
}

/** No answer in time; whether the engine acted is unknown. */
export class DeadlineExceeded extends ApiError {
  override readonly code = "DEADLINE_EXCEEDED";
}

/** Lost a race. */
export class Aborted extends ApiError {
  override readonly code = "ABORTED";
}

/** The call was cancelled, not by its caller. */
export class Cancelled extends ApiError {
  override readonly code = "CANCELLED";
}

/** Not served by this engine. */
export class Unimplemented extends ApiError {
  override readonly code = "UNIMPLEMENTED";
}

/** A bug of the engine, or of something on the way to it. */
export class Internal extends ApiError {
  override readonly code = "INTERNAL";
}

/**
 * The order reached FAILED, CANCELLED or EXPIRED: proven that nothing was swapped.
 *
 * Of a TWAP order that was cancelled or expired on its way, `order.filledAmountOut` says what its children had swapped.
 */
export class OrderFailed extends FillwireError {
  constructor(readonly order: Order) {
    const why = order.failure ? `: ${order.failure.message}` : "";
    super(`order ${order.orderId} is ${OrderStatus[order.status]}${why}`);
  }

  /** Why, for programs: "SLIPPAGE_EXCEEDED". */
  get reason(): string {
    return FailureReason[this.order.failure?.reason ?? 0] ?? "UNKNOWN";
  }
}

/** A delivery without a right signature, or one that was signed too long ago or in the future. */
export class WebhookNotVerified extends FillwireError {}
