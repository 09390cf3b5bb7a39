"""Every exception that a client can cause has its row, and every row tells the client enough."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

import fillwire_dex
import fillwire_orders
from fillwire_orders import Changed, NotResting, OrderNotFound, RequestIdReused, SeqInFuture, StoreUnavailable
from fillwire_server import errors, refusals
from fillwire_server.refusals import InvalidRequest, NotServed, Violation

ROOTS = (fillwire_orders.OrdersError, refusals.Refusal)

OURS_ALONE = {
    # The market's refusals to itself: no request can bring them about.
    fillwire_dex.UnsupportedPool,
    fillwire_dex.MalformedTransaction,
    # Named as a bad field before the market is asked.
    fillwire_dex.UnknownToken,
}


def leaves(root: type[Exception]) -> Iterator[type[Exception]]:
    if not root.__subclasses__():
        yield root
    for kind in root.__subclasses__():
        yield from leaves(kind)


@pytest.mark.parametrize("kind", [kind for root in ROOTS for kind in leaves(root)])
def test_every_error_of_orders_and_of_the_server_has_a_row(kind: type[Exception]) -> None:
    assert kind in errors.TABLE


@pytest.mark.parametrize("kind", sorted(set(leaves(fillwire_dex.DexError)) - OURS_ALONE, key=repr))
def test_every_error_of_the_market_that_a_client_can_cause_has_a_row(kind: type[Exception]) -> None:
    assert set(kind.__mro__) & errors.TABLE.keys()


@pytest.mark.parametrize(("kind", "row"), errors.TABLE.items(), ids=lambda it: getattr(it, "reason", ""))
def test_no_row_blames_the_server_or_says_nothing(kind: type[Exception], row: errors.Row) -> None:
    assert row.code not in {grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.OK}
    assert row.reason == row.reason.upper()
    assert kind.__doc__


@pytest.mark.parametrize("kind", errors.TABLE)
def test_every_row_makes_a_status_of_its_exception(kind: type[Exception]) -> None:
    info, _ = details(made(kind))
    assert (info.reason, info.domain) == (errors.TABLE[kind].reason, "fillwire.dev")


def test_a_subclass_is_told_as_its_base() -> None:
    class Gone(OrderNotFound):
        pass

    assert errors.row_of(Gone("x")) is errors.TABLE[OrderNotFound]


def test_what_has_no_row_is_told_as_internal_with_the_request_id_alone() -> None:
    assert errors.row_of(ZeroDivisionError("secret")) is None
    status = errors.internal("req-1")
    assert status.code is grpc.StatusCode.INTERNAL
    assert status.details == "internal error; request id req-1"


def test_every_bad_field_is_named() -> None:
    _, more = details(InvalidRequest([Violation("spec.amount_in", "must be"), Violation("spec.token_in", "must")]))
    assert [one.field for one in more["BadRequest"].field_violations] == ["spec.amount_in", "spec.token_in"]


def test_a_reused_request_id_names_the_order_and_the_fields_that_differ() -> None:
    info, more = details(RequestIdReused("o1", ["amount_in", "routing"]))
    assert dict(info.metadata) == {"order_id": "o1", "fields": "amount_in,routing"}
    assert [one.field for one in more["BadRequest"].field_violations] == ["spec.amount_in", "spec.routing"]


def test_a_store_that_is_away_says_when_to_ask_again_and_not_what_broke() -> None:
    error = StoreUnavailable("submit: OperationalError at 10.0.0.5")
    _, more = details(error)
    assert more["RetryInfo"].retry_delay.seconds == 1
    assert "10.0.0.5" not in errors.told(errors.TABLE[StoreUnavailable], error).details


def test_the_market_s_own_wish_of_when_to_ask_again_is_passed_on() -> None:
    _, more = details(fillwire_dex.MarketUnavailable("halted", retry_after_seconds=2.5))
    assert (more["RetryInfo"].retry_delay.seconds, more["RetryInfo"].retry_delay.nanos) == (2, 500_000_000)


def test_who_is_too_fast_is_told_the_limit_and_when_to_come_again() -> None:
    info, more = details(fillwire_orders.RateLimited(100, 12.5))
    assert dict(info.metadata) == {"limit": "100"}
    assert (more["RetryInfo"].retry_delay.seconds, more["RetryInfo"].retry_delay.nanos) == (12, 500_000_000)
    assert more["QuotaFailure"].violations[0].description == "no more than 100 orders a minute; one more in 12 s"


def test_a_key_that_is_not_good_says_why_only_where_it_was_told_why() -> None:
    assert dict(details(refusals.KeyInvalid())[0].metadata) == {}
    assert dict(details(refusals.KeyInvalid("has expired"))[0].metadata) == {"cause": "has expired"}


def details(error: Exception) -> tuple[Any, dict[str, Any]]:
    """The ErrorInfo, and the other details by name."""
    row = errors.row_of(error)
    assert row is not None
    [(_, packed)] = errors.told(row, error).trailing_metadata
    named = {}
    for one in status_pb2.Status.FromString(packed).details:
        name = one.TypeName().removeprefix("google.rpc.")
        named[name] = getattr(error_details_pb2, name)()
        one.Unpack(named[name])
    return named.pop("ErrorInfo"), named


def made(kind: type[Exception]) -> Exception:
    """An exception of this kind, with something for whatever it wants to know."""
    samples: dict[type[Exception], Exception] = {
        InvalidRequest: InvalidRequest([Violation("a", "must be")]),
        NotServed: NotServed("x"),
        RequestIdReused: RequestIdReused("o", ["amount_in"]),
        SeqInFuture: SeqInFuture(9, 3),
        NotResting: NotResting("o", "ROUTING"),
        Changed: Changed("o", 3),
        refusals.TooSlow: refusals.TooSlow(30),
        refusals.KeyMissing: refusals.KeyMissing(),
        refusals.TooManyStreams: refusals.TooManyStreams(100),
        fillwire_orders.RateLimited: fillwire_orders.RateLimited(100, 12.5),
        fillwire_orders.TooManyOpenOrders: fillwire_orders.TooManyOpenOrders(1000),
        refusals.QuoteExpired: refusals.QuoteExpired(datetime(2026, 1, 1, tzinfo=UTC)),
        fillwire_orders.CursorForeign: fillwire_orders.CursorForeign(),
        refusals.Draining: refusals.Draining(),
    }
    return samples.get(kind) or kind("something")
