"""What an order must look like, and how a client is told that one does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import order_pb2 as pb
from fillwire.v1 import order_service_pb2
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_dex.tokens import SOL, USDC
from fillwire_orders import Routing, Terms
from fillwire_server.refusals import InvalidRequest, NotServed
from fillwire_server.validation import Ask, submission
from tests.unit.server.requests import REQUEST_ID, submit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VENUES = ("alpha", "beta")

BAD_AMOUNTS = [
    "-5",
    "+5",
    "0",
    "00",
    "007",
    "NaN",
    "Infinity",
    "1e30",
    "1e-19",
    "1.5",
    "1,000",
    "1_000",
    "0x10",
    "true",
    "",
    " 1",
    "1 ",
    "1\n",
    "\u0661\u0662\u0663",  # Arabic digits
    "\uff11\uff12",  # full-width digits
    "1\u0661",
    "18446744073709551616",
    "9" * 5000,
]


def read(request: order_service_pb2.SubmitOrderRequest) -> Ask:
    return submission(request, now=NOW, venues=VENUES)


def bad_fields(request: order_service_pb2.SubmitOrderRequest) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        read(request)
    return sorted(violation.field for violation in refused.value.violations)


def at(moment: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def test_a_market_order_is_read_as_its_terms() -> None:
    assert read(submit()) == Ask(
        REQUEST_ID,  # type: ignore[arg-type]
        Terms(token_in="SOL", token_out="USDC", amount_in=1_500_000_000, slippage_bps=50),
    )


def test_mints_and_symbols_of_any_case_mean_the_same_order() -> None:
    assert read(submit(token_in=SOL.mint, token_out="usdc")) == read(submit(token_in="SOL", token_out=USDC.mint))


@pytest.mark.parametrize("amount", ["1", "18446744073709551615"])
def test_the_least_and_the_greatest_amount_are_accepted(amount: str) -> None:
    assert read(submit(amount_in=amount)).terms.amount_in == int(amount)


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=repr)
def test_an_amount_that_is_no_positive_64_bit_integer_is_refused(amount: str) -> None:
    assert bad_fields(submit(amount_in=amount)) == ["spec.amount_in"]


@pytest.mark.parametrize("amount", [amount for amount in BAD_AMOUNTS if amount], ids=repr)
def test_a_minimum_is_written_like_any_amount(amount: str) -> None:
    assert bad_fields(submit(min_amount_out=amount)) == ["spec.min_amount_out"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"token_in": ""}, "spec.token_in"),
        ({"token_in": "DOGE"}, "spec.token_in"),
        ({"token_out": SOL.mint.lower()}, "spec.token_out"),
        ({"token_out": "sol"}, "spec.token_out"),
        ({"token_out": SOL.mint}, "spec.token_out"),
        ({"amount_in": None}, "spec.amount_in"),
        ({"slippage_bps": None}, "spec.slippage_bps"),
        ({"slippage_bps": 10_001}, "spec.slippage_bps"),
        ({"max_price_impact_bps": 2**32 - 1}, "spec.max_price_impact_bps"),
        ({"max_amount_in": "5"}, "spec.max_amount_in"),
        ({"deadline": Timestamp(seconds=2**60)}, "spec.deadline"),
        ({"deadline": Timestamp(seconds=1, nanos=-1)}, "spec.deadline"),
        ({"time_in_force": 77}, "spec.time_in_force"),
        ({"time_in_force": pb.TIME_IN_FORCE_GTC}, "spec.time_in_force"),
        ({"good_till_time": Timestamp(seconds=2**33)}, "spec.good_till_time"),
        ({"client_order_id": "x" * 129}, "spec.client_order_id"),
        ({"client_order_id": "a\x00b"}, "spec.client_order_id"),
        ({"client_order_id": "a\nb"}, "spec.client_order_id"),
        ({"client_order_id": "a\x1b[31mb"}, "spec.client_order_id"),
        ({"client_order_id": "a\u202eb"}, "spec.client_order_id"),
        ({"routing": RoutingOptions(max_legs=0)}, "spec.routing.max_legs"),
        ({"routing": RoutingOptions(max_legs=17)}, "spec.routing.max_legs"),
        ({"routing": RoutingOptions(max_hops=0)}, "spec.routing.max_hops"),
        ({"routing": RoutingOptions(max_hops=5)}, "spec.routing.max_hops"),
        ({"routing": RoutingOptions(include_venues=["alpha", "nowhere"])}, "spec.routing.include_venues[1]"),
        ({"routing": RoutingOptions(exclude_venues=["alpha"] * 17)}, "spec.routing.exclude_venues"),
        (
            {"routing": RoutingOptions(include_venues=["alpha"], exclude_venues=["alpha"])},
            "spec.routing.exclude_venues",
        ),
    ],
    ids=repr,
)
def test_a_field_that_breaks_its_rule_is_named(changes: dict[str, Any], field: str) -> None:
    assert bad_fields(submit(**changes)) == [field]


@pytest.mark.parametrize(
    "request_id", ["x", "123e4567e89b12d3a456426614174000", f"{{{REQUEST_ID}}}", REQUEST_ID + "\n"]
)
def test_a_request_id_is_a_uuid(request_id: str) -> None:
    assert bad_fields(submit(request_id)) == ["request_id"]


def test_all_bad_fields_are_named_at_once() -> None:
    worst = submit(
        "not-a-uuid",
        token_in="DOGE",
        token_out="SHIB",
        amount_in="1e30",
        slippage_bps=20_000,
        min_amount_out="-1",
        max_amount_in="1",
        max_price_impact_bps=10_001,
        deadline=at(NOW - timedelta(hours=1)),
        time_in_force=99,
        good_till_time=at(NOW),
        client_order_id="\x07",
        routing=RoutingOptions(max_legs=99, max_hops=99, include_venues=["nowhere"]),
    )
    assert bad_fields(worst) == [
        "request_id",
        "spec.amount_in",
        "spec.client_order_id",
        "spec.deadline",
        "spec.good_till_time",
        "spec.max_amount_in",
        "spec.max_price_impact_bps",
        "spec.min_amount_out",
        "spec.routing.include_venues[0]",
        "spec.routing.max_hops",
        "spec.routing.max_legs",
        "spec.slippage_bps",
        "spec.time_in_force",
        "spec.token_in",
        "spec.token_out",
    ]


def test_an_empty_request_names_all_that_is_required() -> None:
    assert bad_fields(order_service_pb2.SubmitOrderRequest()) == [
        "spec.amount_in",
        "spec.slippage_bps",
        "spec.token_in",
        "spec.token_out",
    ]


def test_a_minimum_alone_will_do() -> None:
    terms = read(submit(slippage_bps=None, min_amount_out="7")).terms
    assert (terms.slippage_bps, terms.min_amount_out) == (None, 7)


def test_a_slippage_of_nothing_is_given_all_the_same() -> None:
    assert read(submit(slippage_bps=0)).terms.slippage_bps == 0


def test_an_exact_output_needs_a_bound_of_its_input() -> None:
    exact_out: dict[str, Any] = {"amount_in": None, "amount_out": "5"}
    terms = read(submit(**exact_out, max_amount_in="9")).terms
    assert (terms.amount_in, terms.amount_out, terms.max_amount_in) == (None, 5, 9)
    assert bad_fields(submit(**exact_out, min_amount_out="9")) == ["spec.min_amount_out"]
    assert bad_fields(submit(**exact_out, slippage_bps=None)) == ["spec.slippage_bps"]


def test_an_order_with_a_field_this_server_does_not_know_is_not_taken_for_a_simpler_one() -> None:
    request = submit()
    request.spec.MergeFromString(b"\xea\x01\x00")  # field 29, an order type of the future
    with pytest.raises(NotServed, match="field number 29"):
        read(request)


def test_a_request_without_an_id_gets_one_of_its_own() -> None:
    assert read(submit("")).request_id != read(submit("")).request_id


def test_a_request_id_is_the_same_in_any_case() -> None:
    assert read(submit(REQUEST_ID.upper())).request_id == REQUEST_ID


def test_an_order_whose_deadline_has_passed_can_only_be_a_repetition() -> None:
    refusal = read(submit(deadline=at(NOW - timedelta(minutes=1)))).refusal
    assert isinstance(refusal, InvalidRequest)
    assert [violation.field for violation in refusal.violations] == ["spec.deadline"]
    assert read(submit(deadline=at(NOW + timedelta(minutes=1)))).refusal is None


def test_clocks_that_differ_a_little_do_not_make_an_order_late() -> None:
    assert read(submit(deadline=at(NOW - timedelta(seconds=1)))).refusal is None


def test_routing_limits_that_mean_the_same_are_equal() -> None:
    one = RoutingOptions(include_venues=["beta", "alpha", "beta"])
    other = RoutingOptions(include_venues=["alpha", "beta"])
    assert read(submit(routing=one)).terms == read(submit(routing=other)).terms
    assert read(submit(routing=RoutingOptions())).terms.routing == Routing()


def test_the_text_of_an_error_stays_short_however_much_is_wrong() -> None:
    crowd = RoutingOptions(include_venues=["\u00e4" * 1000] * 16, exclude_venues=["\u00e4" * 1000] * 16)
    with pytest.raises(InvalidRequest) as refused:
        read(submit(token_in="\u00e4" * 9000, routing=crowd))
    assert len(str(refused.value)) < 500
    assert sum(len(one.field) + len(one.rule) for one in refused.value.violations) < 4000
