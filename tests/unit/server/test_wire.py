"""What the journal knows, on the wire."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import order_pb2 as pb
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Event,
    Failure,
    FailureReason,
    Order,
    OrderId,
    RequestId,
    Routing,
    Status,
    Terms,
)
from fillwire_orders.event import (
    Built,
    Candidate,
    Detail,
    Fired,
    Leg,
    Progress,
    Receipt,
    Reconciling,
    Replaced,
    Resting,
    Retrying,
    Route,
    Submitted,
)
from fillwire_server import wire
from fillwire_server.validation import submission
from fillwire_server.wire.scalars import duration
from tests.unit.server.requests import submit

AT = datetime(2026, 3, 4, 5, 6, 7, 891011, tzinfo=UTC)
TERMS = Terms(token_in="SOL", token_out="USDC", amount_in=5, slippage_bps=0)
REQUEST_ID = RequestId("123e4567-e89b-12d3-a456-426614174000")

LEG = Leg(
    venue="alpha",
    pool="p1",
    token_in="SOL",
    token_out="USDC",
    amount_in=10,
    amount_out=2**64 - 1,
    fee_in=1,
    fee_out=0,
    fee_bps=25.0,
    share_bps=10_000.0,
)
ROUTE = Route(
    amount_in=10,
    amount_out=2**64 - 1,
    legs=(LEG,),
    bound=2**64,
    gap_bps=0.5,
    price_impact_bps=-0.25,
    best_single_amount_out=None,
    candidates=(Candidate(venue="alpha", pool="p1", amount_out=7, used=True), Candidate(venue="beta", pool="p2")),
    mid_price="160.5",
    slot=77,
    router_micros=321,
)
RECEIPT = Receipt(
    signature="5ign",
    slot=78,
    amount_in=10,
    amount_out=9,
    price="160.25",
    quoted_amount_out=10,
    slippage_bps=-1000.0,
    legs=(LEG,),
    venue_seconds=1.5,
)
DETAILS: list[tuple[Detail, str]] = [
    (Resting("150", AT), "resting"),
    (Built(ROUTE, 5), "building"),
    (Submitted("5ign", 99), "submitted"),
    (Retrying(1, 3, 2.0, Failure(FailureReason.NO_ROUTE, "none")), "retrying"),
    (Reconciling("5ign", "silence"), "reconciling"),
    (RECEIPT, "receipt"),
    (Failure(FailureReason.VENUE_REFUSED, "no"), "failure"),
    (Replaced("r1", msgspec.Raw(msgspec.json.encode(TERMS))), "replaced"),
    (Progress(2, 1, 5, 9, "c1"), "progress"),
    (Fired("STOP", AT, price="149.5"), "fired"),
]


def order(**changes: Any) -> Order:
    fields: dict[str, Any] = {
        "id": OrderId("o1"),
        "account_id": DEFAULT_ACCOUNT,
        "request_id": REQUEST_ID,
        "terms": TERMS,
        "status": Status.PENDING,
        "last_seq": 1,
        "attempt": 0,
        "created_at": AT,
        "updated_at": AT,
    }
    return Order(**(fields | changes))


def event(detail: Detail | None, status: Status = Status.ROUTING) -> pb.OrderEvent:
    it = Event(order_id="o1", seq=3, status=status, at=AT, attempt=2, client_order_id="mine", detail=detail)
    return wire.event(it, accepted_at=AT - timedelta(seconds=4), pair=("SOL", "USDC"))


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_number_and_comes_back_from_it(status: Status) -> None:
    number = event(None, status).status
    assert pb.OrderStatus.Name(number) == f"ORDER_STATUS_{status}"
    assert wire.status_of(number) is status


def test_every_number_of_the_contract_but_the_unspecified_is_a_status() -> None:
    assert [number for number in pb.OrderStatus.values() if wire.status_of(number) is None] == [0]


@pytest.mark.parametrize("reason", FailureReason)
def test_every_reason_has_its_number(reason: FailureReason) -> None:
    number = event(Failure(reason, "")).failure.reason
    assert pb.FailureReason.Name(number) == f"FAILURE_REASON_{reason}"


@pytest.mark.parametrize(("detail", "field"), DETAILS, ids=lambda it: it if isinstance(it, str) else "")
def test_every_detail_has_its_field(detail: Detail, field: str) -> None:
    assert event(detail).WhichOneof("detail") == field


def test_every_field_of_a_detail_is_filled_by_some_detail() -> None:
    fields = {field.name for field in pb.OrderEvent.DESCRIPTOR.oneofs_by_name["detail"].fields}
    assert fields == {field for _, field in DETAILS}


def test_a_step_that_says_it_all_has_no_detail() -> None:
    told = event(None)
    assert told.WhichOneof("detail") is None
    assert (told.order_id, told.seq, told.attempt, told.client_order_id) == ("o1", 3, 2, "mine")
    assert (told.token_in, told.token_out) == ("SOL", "USDC")


def test_times_are_exact_to_the_microsecond() -> None:
    for at in (AT, datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
        expected = Timestamp()
        expected.FromDatetime(at)
        assert wire.timestamp(at) == expected


def test_new_terms_are_told_as_a_request_would_say_them() -> None:
    replaced = event(Replaced("r1", msgspec.Raw(msgspec.json.encode(TERMS))), Status.RESTING).replaced
    assert (replaced.request_id, replaced.spec) == ("r1", wire.spec(TERMS))


def test_what_made_an_order_execute_is_told() -> None:
    fired = event(Fired("TRAILING_STOP", AT, price="149.5", best_price="170")).fired
    assert fired.condition == pb.ORDER_TYPE_TRAILING_STOP
    assert (fired.price, fired.best_price, fired.time) == ("149.5", "170", wire.timestamp(AT))


def test_an_exact_output_is_bounded_from_below() -> None:
    told = event(Built(msgspec.structs.replace(ROUTE, exact_out=True), ceiling_amount_in=11)).building
    assert (told.route.lower_bound, told.route.upper_bound) == (str(2**64), "")
    assert (told.ceiling_amount_in, told.floor_amount_out) == ("11", "")


def test_the_next_attempt_starts_its_delay_after_the_event() -> None:
    assert event(DETAILS[3][0]).retrying.next_attempt_time == wire.timestamp(AT + timedelta(seconds=2))


def test_the_engine_s_time_is_what_the_venues_did_not_take() -> None:
    receipt = event(RECEIPT, Status.CONFIRMED).receipt
    assert receipt.venue_time == duration(1.5)
    assert receipt.engine_time == duration(2.5)


def test_a_receipt_is_the_same_in_the_order_and_in_its_event() -> None:
    confirmed = order(status=Status.CONFIRMED, created_at=AT - timedelta(seconds=4), receipt=RECEIPT)
    assert wire.order(confirmed).receipt == event(RECEIPT, Status.CONFIRMED).receipt


def test_clocks_that_disagree_never_make_a_negative_duration() -> None:
    assert duration(-0.5) == duration(0)


def test_amounts_are_decimal_digits_and_what_is_absent_is_empty() -> None:
    route = event(Built(ROUTE, 5)).building.route
    assert (route.amount_out, route.upper_bound, route.best_single_amount_out) == (str(2**64 - 1), str(2**64), "")
    assert [candidate.amount_out for candidate in route.candidates] == ["7", ""]


def test_nothing_of_a_route_is_lost() -> None:
    route = event(Built(ROUTE, 5)).building.route
    for field in ("gap_bps", "price_impact_bps", "mid_price", "slot", "router_micros"):
        assert getattr(route, field) == getattr(ROUTE, field)
    for field in ("venue", "pool", "token_in", "token_out", "fee_bps", "share_bps"):
        assert getattr(route.legs[0], field) == getattr(LEG, field)
    for field in ("amount_in", "amount_out", "fee_in", "fee_out"):
        assert getattr(route.legs[0], field) == str(getattr(LEG, field))


def test_an_order_says_what_it_has_and_leaves_out_what_it_has_not() -> None:
    told = wire.order(order())
    present = {field.name for field, _ in told.ListFields()}
    assert present == {"order_id", "request_id", "spec", "status", "last_seq", "create_time", "update_time"}


def test_a_final_order_says_how_it_ended() -> None:
    told = wire.order(order(status=Status.FAILED, failure=Failure(FailureReason.NO_ROUTE, "none"), route=ROUTE))
    assert (told.failure.message, told.route.slot) == ("none", 77)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(token_in="SOL", token_out="USDC", amount_in=5, slippage_bps=0),
        Terms(token_in="SOL", token_out="USDC", amount_in=2**64 - 1, min_amount_out=1, max_price_impact_bps=0),
        Terms(
            token_in="BONK",
            token_out="SOL",
            amount_in=1,
            slippage_bps=10_000,
            deadline=AT,
            client_order_id="m\u00efne",
            routing=Routing(max_legs=1, max_hops=4, include_venues=("alpha",), exclude_venues=("beta",)),
        ),
    ],
    ids=["plain", "bounded", "full"],
)
def test_terms_come_back_from_the_wire_as_they_went(terms: Terms) -> None:
    request = submit()
    request.spec.CopyFrom(wire.draft(REQUEST_ID, terms).spec)
    assert submission(request, now=AT, venues=("alpha", "beta")).terms == terms


def test_a_draft_has_no_id_and_no_times() -> None:
    told = wire.draft(REQUEST_ID, order().terms)
    assert {field.name for field, _ in told.ListFields()} == {"request_id", "spec", "status"}
