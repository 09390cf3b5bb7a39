"""What can go wrong, named by what the caller does about it.

    FillwireError
      ApiError                 the engine, or the way to it, answered with an error
        InvalidRequest           fix the request: `violations` names every bad field; also a ValueError
        NotFound                 there is no such order, pair or quote
        RequestIdReused          the request id belongs to another order: `fields` differ
        AlreadyExists            so does anything else that is taken
        FailedPrecondition       not in this state: `violations` says what is in the way
          OrderNotResting          the order rests no more: its terms stay as they are
          OrderChanged             it was changed since it was read: read it again
          QuoteExpired             quote again
        OutOfRange               a cursor beyond the log, or of another engine: start anew
        Unauthenticated          give a token, or another one
        PermissionDenied         this token may not
        RateLimited              wait `retry_after` seconds
          QuotaExhausted           too many orders are open, or streams: end some; `violations` says which
        Unavailable              the outcome is unknown: ask again with the same request id
        DeadlineExceeded         the same, and there is no time left
        Aborted                  somebody else was first: read again, then try again
        Cancelled                the call was cancelled on its way
        Unimplemented            this engine does not serve it
        Internal                 a bug over there: report `request_id`
      OrderFailed              the order ended and swapped nothing
      WebhookNotVerified       the delivery is not the engine's, or too old: answer it with 400

A client raises nothing else of its own but TypeError for an argument of the wrong type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fillwire.order import Order
from fillwire.status import FailureReason

__all__ = [
    "Aborted",
    "AlreadyExists",
    "ApiError",
    "Cancelled",
    "DeadlineExceeded",
    "FailedPrecondition",
    "FillwireError",
    "Internal",
    "InvalidRequest",
    "NotFound",
    "OrderChanged",
    "OrderFailed",
    "OrderNotResting",
    "OutOfRange",
    "PermissionDenied",
    "QuotaExhausted",
    "QuoteExpired",
    "RateLimited",
    "RequestIdReused",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Violation",
    "WebhookNotVerified",
]


class FillwireError(Exception):
    """Everything this SDK raises on purpose."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong with a request."""

    field: str
    """Path of the field, as the contract names it: "spec.amount_in"."""
    description: str
    """For people."""


class ApiError(FillwireError):
    """A call ended with an error; a subclass for each way to go on."""

    code: ClassVar[str] = "UNKNOWN"
    """The gRPC status."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        request_id: str = "",
        violations: tuple[Violation, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        """For programs: "REQUEST_ID_REUSED". Empty: the answer named none."""
        self.metadata = dict(metadata or {})
        """The values the message mentions."""
        self.request_id = request_id
        """The engine's name for the call, also in its logs. Empty: the call did not get there."""
        self.violations = violations
        """Every bad field at once. Empty where none was named."""
        self.retry_after = retry_after
        """Seconds the engine asks to wait before another try. `None`: it did not say."""

    def __str__(self) -> str:
        return f"{self.reason or self.code}: {self.message}"


class InvalidRequest(ApiError, ValueError):
    """The request can never be served as it is."""

    code = "INVALID_ARGUMENT"


class NotFound(ApiError):
    """What was asked for does not exist, or belongs to somebody else."""

    code = "NOT_FOUND"


class AlreadyExists(ApiError):
    """What was to be made exists and is different."""

    code = "ALREADY_EXISTS"


class RequestIdReused(AlreadyExists):
    """The request id belongs to an order with other terms; nothing was stored."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in which this request differs from the one that has the id."""
        named = self.metadata.get("fields", "").split(",")
        return tuple(name.strip() for name in named if name.strip())


class FailedPrecondition(ApiError):
    """The engine is not in a state in which this can be done."""

    code = "FAILED_PRECONDITION"


class OrderNotResting(FailedPrecondition):
    """Only a resting order can be changed, and this one rests no more."""


class OrderChanged(FailedPrecondition):
    """The order has had events since the `last_seq` that the change was made for."""


class QuoteExpired(FailedPrecondition):
    """The quote that the order is to be bound to is no longer good."""


class OutOfRange(ApiError):
    """A cursor lies beyond the log, as after a restored backup, before what is kept of it, or is of another engine."""

    code = "OUT_OF_RANGE"


class Unauthenticated(ApiError):
    """The token is missing or not valid."""

    code = "UNAUTHENTICATED"


class PermissionDenied(ApiError):
    """The token is valid and may not do this."""

    code = "PERMISSION_DENIED"


class RateLimited(ApiError):
    """Too many calls; `retry_after` says how long to wait."""

    code = "RESOURCE_EXHAUSTED"


class QuotaExhausted(RateLimited):
    """The account has as many orders or streams open as it may; waiting alone does not help."""


class Unavailable(ApiError):
    """The engine could not be reached or could not answer; whether it acted is unknown."""

    code = "UNAVAILABLE"


class DeadlineExceeded(ApiError):
    """No answer in time; whether the engine acted is unknown."""

    code = "DEADLINE_EXCEEDED"


class Aborted(ApiError):
    """Lost a race."""

    code = "ABORTED"


class Cancelled(ApiError):
    """The call was cancelled, not by its caller."""

    code = "CANCELLED"


class Unimplemented(ApiError):
    """Not served by this engine."""

    code = "UNIMPLEMENTED"


class Internal(ApiError):
    """A bug of the engine, or of something on the way to it."""

    code = "INTERNAL"


class OrderFailed(FillwireError):
    """The order reached FAILED, CANCELLED or EXPIRED: proven that nothing was swapped.

    Of a TWAP order that was cancelled or expired on its way, `order.filled_amount_out` says what its children had
    swapped.
    """

    def __init__(self, order: Order) -> None:
        why = f": {order.failure.message}" if order.failure else ""
        super().__init__(f"order {order.order_id} is {order.status}{why}")
        self.order = order

    @property
    def reason(self) -> FailureReason:
        """Why, for programs."""
        return self.order.failure.reason if self.order.failure else FailureReason.UNKNOWN


class WebhookNotVerified(FillwireError):
    """A delivery without a valid signature, or one that was signed too long ago or in the future."""
