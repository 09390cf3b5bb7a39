"""The one table that turns exceptions into what a client is told.

An exception that has no row, and none of its bases has, is a bug of ours: the client is told INTERNAL and the request
id, the log gets the traceback.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf.message import Message
from grpc import StatusCode

import fillwire_dex as dex
import fillwire_orders as orders
from fillwire_server import advice, refusals

__all__ = ["TABLE", "Row", "internal", "row_of", "told"]

_AGAIN_SECONDS: Final = 1.0


def _no_metadata(_error: Any) -> Mapping[str, str]:
    return {}


def _no_advice(_error: Any) -> Iterable[Message]:
    return ()


@dataclass(frozen=True, slots=True)
class Row:
    """What one kind of exception becomes.

    `message` replaces the exception's own text where that is not for clients; `metadata` repeats what varies in it;
    `more` advises the client beyond the ErrorInfo that every error carries.
    """

    code: StatusCode
    reason: str
    message: str = ""
    metadata: Callable[[Any], Mapping[str, str]] = _no_metadata
    more: Callable[[Any], Iterable[Message]] = _no_advice


def _fields(error: refusals.InvalidRequest) -> Iterable[Message]:
    yield advice.bad_request(error.violations)


def _differing(error: orders.RequestIdReused) -> Iterable[Message]:
    rule = "differs from the order that was submitted with this request_id"
    yield advice.bad_request([refusals.Violation(f"spec.{name}", rule) for name in error.fields])


def _again(error: Exception) -> Iterable[Message]:
    yield advice.retry_info(getattr(error, "retry_after_seconds", None) or _AGAIN_SECONDS)


def _liquidity(error: Exception) -> Iterable[Message]:
    yield advice.precondition_failure("LIQUIDITY", "amount", str(error))


def _expired(error: refusals.QuoteExpired) -> Iterable[Message]:
    yield advice.precondition_failure("QUOTE", "spec.quote_id", str(error))


def _resting(error: orders.NotResting | orders.Changed) -> Iterable[Message]:
    yield advice.precondition_failure("ORDER", error.order_id, str(error))


def _quota(error: Exception) -> Iterable[Message]:
    yield advice.quota_failure("account", str(error))


def _quota_and_when(error: orders.RateLimited) -> Iterable[Message]:
    yield from _quota(error)
    yield from _again(error)


def _limit(error: Any) -> Mapping[str, str]:
    return {"limit": str(error.limit)}


_STORE_AWAY: Final = "the store did not answer and the outcome is unknown; ask again with the same request_id"
_MARKET_AWAY: Final = "the market did not answer; ask again"

TABLE: Final[Mapping[type[Exception], Row]] = {
    refusals.InvalidRequest: Row(StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", more=_fields),
    refusals.Undecodable: Row(
        StatusCode.INVALID_ARGUMENT, "UNDECODABLE", metadata=lambda error: {"message": error.message}
    ),
    refusals.NotServed: Row(StatusCode.UNIMPLEMENTED, "NOT_SERVED", metadata=lambda error: {"what": error.what}),
    refusals.KeyMissing: Row(StatusCode.UNAUTHENTICATED, "API_KEY_MISSING"),
    refusals.KeyInvalid: Row(
        StatusCode.UNAUTHENTICATED,
        "API_KEY_INVALID",
        metadata=lambda error: {"cause": error.cause} if error.cause else {},
    ),
    refusals.ScopeMissing: Row(
        StatusCode.PERMISSION_DENIED, "SCOPE_MISSING", metadata=lambda error: {"scope": error.scope}
    ),
    refusals.TooManyStreams: Row(StatusCode.RESOURCE_EXHAUSTED, "STREAMS", metadata=_limit, more=_quota),
    refusals.QuoteExpired: Row(
        StatusCode.FAILED_PRECONDITION,
        "QUOTE_EXPIRED",
        metadata=lambda error: {"expired_at": error.expired_at.isoformat()},
        more=_expired,
    ),
    refusals.TooSlow: Row(
        StatusCode.DEADLINE_EXCEEDED,
        "TOO_SLOW",
        metadata=lambda error: {"seconds": f"{error.seconds:g}"},
        more=_again,
    ),
    refusals.Draining: Row(StatusCode.UNAVAILABLE, "SERVER_DRAINING", more=_again),
    orders.OrderNotFound: Row(StatusCode.NOT_FOUND, "ORDER_NOT_FOUND", metadata=lambda error: {"key": error.key}),
    orders.RequestIdReused: Row(
        StatusCode.ALREADY_EXISTS,
        "REQUEST_ID_REUSED",
        metadata=lambda error: {"order_id": error.order_id, "fields": ",".join(error.fields)},
        more=_differing,
    ),
    orders.WebhookNotFound: Row(StatusCode.NOT_FOUND, "WEBHOOK_NOT_FOUND", metadata=lambda error: {"key": error.key}),
    orders.TooManyWebhooks: Row(StatusCode.RESOURCE_EXHAUSTED, "WEBHOOKS", metadata=_limit, more=_quota),
    orders.NotResting: Row(
        StatusCode.FAILED_PRECONDITION,
        "ORDER_NOT_RESTING",
        metadata=lambda error: {"order_id": error.order_id, "status": error.status},
        more=_resting,
    ),
    orders.Changed: Row(
        StatusCode.FAILED_PRECONDITION,
        "ORDER_CHANGED",
        metadata=lambda error: {"order_id": error.order_id, "last_seq": str(error.last_seq)},
        more=_resting,
    ),
    orders.SeqInFuture: Row(
        StatusCode.OUT_OF_RANGE,
        "SEQ_IN_FUTURE",
        metadata=lambda error: {"after_seq": str(error.after_seq), "last_seq": str(error.last_seq)},
    ),
    orders.CursorForeign: Row(StatusCode.OUT_OF_RANGE, "CURSOR_FOREIGN"),
    orders.Fenced: Row(StatusCode.ABORTED, "ORDER_HELD", metadata=lambda error: {"order_id": error.order_id}),
    orders.RateLimited: Row(StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED", metadata=_limit, more=_quota_and_when),
    orders.TooManyOpenOrders: Row(StatusCode.RESOURCE_EXHAUSTED, "OPEN_ORDERS", metadata=_limit, more=_quota),
    orders.AccountNotFound: Row(StatusCode.NOT_FOUND, "ACCOUNT_NOT_FOUND"),
    orders.KeyNotFound: Row(StatusCode.NOT_FOUND, "API_KEY_NOT_FOUND"),
    orders.Withdrawn: Row(StatusCode.ABORTED, "ORDER_WITHDRAWN", metadata=lambda error: {"order_id": error.order_id}),
    orders.StoreUnavailable: Row(StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE", message=_STORE_AWAY, more=_again),
    dex.NoRoute: Row(StatusCode.NOT_FOUND, "NO_ROUTE"),
    dex.InsufficientLiquidity: Row(StatusCode.FAILED_PRECONDITION, "INSUFFICIENT_LIQUIDITY", more=_liquidity),
    dex.AmountTooSmall: Row(StatusCode.FAILED_PRECONDITION, "AMOUNT_TOO_SMALL", more=_liquidity),
    dex.MarketUnavailable: Row(StatusCode.UNAVAILABLE, "MARKET_UNAVAILABLE", message=_MARKET_AWAY, more=_again),
    dex.MarketNotInstalled: Row(StatusCode.UNAVAILABLE, "MARKET_UNAVAILABLE", message=_MARKET_AWAY, more=_again),
}


def row_of(error: Exception) -> Row | None:
    """The row of the exception's class or its nearest base; `None`: it was not meant to happen."""
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), None)


def told(row: Row, error: Exception) -> grpc.Status:
    """What the client is told of an exception that has a row."""
    message = row.message or str(error)
    return advice.status(row.code, message, reason=row.reason, metadata=row.metadata(error), more=row.more(error))


def internal(request_id: str) -> grpc.Status:
    """What the client is told when the fault is ours: where to find it in the log, and nothing else."""
    return advice.status(
        StatusCode.INTERNAL,
        f"internal error; request id {request_id}",
        reason="INTERNAL",
        metadata={"request_id": request_id},
        more=[advice.request_info(request_id)],
    )
