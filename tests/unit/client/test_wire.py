"""What the SDK shows and what travels are the same, both ways."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import fillwire
from fillwire.amount import Token
from fillwire.status import FailureReason, Status, TimeInForce
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2, order_pb2, order_service_pb2
from fillwire.wire import methods
from fillwire.wire.enums import REASONS, STATUS_NUMBERS, TIME_NUMBERS, TRIGGER_NUMBERS
from fillwire.wire.orders import read_event, read_order
from fillwire.wire.specs import read_spec, write_spec
from tests.unit.client.messages import ACCEPTED, event, failure, order, receipt, route

TOKENS = Tokens([Token("SOL", "So111", 9, "Solana"), Token("USDC", "EPjFW", 6, "USD Coin")])
SPEC = read_spec(order().spec, TOKENS)


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (STATUS_NUMBERS, order_pb2.OrderStatus),
        (REASONS, order_pb2.FailureReason),
        (TIME_NUMBERS, order_pb2.TimeInForce),
        (TRIGGER_NUMBERS, order_pb2.SniperOrder.Trigger),
    ],
    ids=["status", "reason", "time in force", "trigger"],
)
def test_every_value_of_the_contract_has_a_name_in_the_sdk(table: dict[Any, Any], enum: Any) -> None:
    unspecified = {0} if enum in {order_pb2.OrderStatus, order_pb2.FailureReason} else set()
    known = set(table) if enum is order_pb2.FailureReason else set(table.values())
    assert known == set(enum.values()) - unspecified


def test_every_method_is_one_of_the_contract_and_answers_what_it_says() -> None:
    services = {
        service.full_name: service
        for file in (order_service_pb2, market_service_pb2)
        for service in file.DESCRIPTOR.services_by_name.values()
    }
    found = [value for value in vars(methods).values() if isinstance(value, methods.Method)]
    assert len(found) == 9
    for method in found:
        _, service, name = method.path.split("/")
        assert services[service].methods_by_name[name].output_type is method.answer.DESCRIPTOR


TYPES = [
    fillwire.Market(),
    fillwire.Limit(Decimal("150.25")),
    fillwire.Stop(Decimal(140)),
    fillwire.TakeProfit(Decimal("1e-9")),
    fillwire.TrailingStop(250),
    fillwire.TrailingStop(250, Decimal(170)),
    fillwire.Scheduled(ACCEPTED),
    fillwire.Twap(10, timedelta(minutes=1)),
    fillwire.Twap(10, timedelta(seconds=1.5), ACCEPTED),
    fillwire.Sniper(fillwire.SniperTrigger.POOL_CREATED, TOKENS.amount("SOL", 5)),
    fillwire.Sniper(),
    fillwire.Oco(fillwire.Limit(Decimal(170)), fillwire.Stop(Decimal(140))),
]


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: type(kind).__name__)
def test_an_order_type_travels_both_ways(kind: fillwire.OrderType) -> None:
    assert read_spec(write_spec(TOKENS, "SOL", "USDC", {"type": kind}), TOKENS).type == kind


def test_every_term_of_an_order_travels_both_ways() -> None:
    terms: dict[str, object] = {
        "amount_out": TOKENS.amount("USDC", 240_000_000),
        "slippage_bps": 0,
        "min_amount_out": TOKENS.amount("USDC", 1),
        "max_amount_in": TOKENS.amount("SOL", 2),
        "max_price_impact_bps": 100,
        "deadline": ACCEPTED,
        "time_in_force": TimeInForce.GTD,
        "good_till_time": ACCEPTED + timedelta(hours=1),
        "client_order_id": "mine",
        "quote_id": "q",
        "routing": fillwire.Routing(max_legs=3, max_hops=2, include_venues=("a",), exclude_venues=("b",)),
        "type": fillwire.Limit(Decimal(150)),
    }
    assert set(terms) == set(fillwire.terms.SpecTerms.__annotations__)
    spec = read_spec(write_spec(TOKENS, "SOL", "USDC", terms), TOKENS)
    assert {name: getattr(spec, name) for name in terms} == terms


def test_what_is_left_out_is_absent_and_not_zero() -> None:
    spec = read_spec(write_spec(TOKENS, "SOL", "USDC", {"amount_in": "1"}), TOKENS)
    absent = (spec.slippage_bps, spec.max_price_impact_bps, spec.min_amount_out, spec.deadline, spec.amount_out)
    assert absent == (None,) * 5
    assert spec.routing == fillwire.Routing()


DETAILS: list[tuple[dict[str, Any], type]] = [
    ({}, type(None)),
    ({"resting": order_pb2.Resting(trigger_price="140")}, fillwire.Resting),
    ({"building": order_pb2.Building(route=route(), floor_amount_out="239")}, fillwire.Building),
    ({"submitted": order_pb2.Submitted(signature="5ig", last_valid_slot=9)}, fillwire.Submitted),
    ({"retrying": order_pb2.Retrying(retry=1, max_retries=3, cause=failure())}, fillwire.Retrying),
    ({"reconciling": order_pb2.Reconciling(signature="5ig", message="?")}, fillwire.Reconciling),
    ({"receipt": receipt()}, fillwire.Receipt),
    ({"failure": failure()}, fillwire.Failure),
]


@pytest.mark.parametrize(("detail", "kind"), DETAILS, ids=[kind.__name__ for _, kind in DETAILS])
def test_every_detail_of_an_event_has_its_class(detail: dict[str, Any], kind: type) -> None:
    assert type(read_event(event(1, **detail).event, TOKENS, SPEC).detail) is kind


def test_every_detail_of_the_contract_is_tested_above() -> None:
    oneof = order_pb2.OrderEvent.DESCRIPTOR.oneofs_by_name["detail"]
    assert {field.name for field in oneof.fields} == {name for detail, _ in DETAILS for name in detail}


def test_the_amounts_of_an_event_count_the_tokens_of_its_order() -> None:
    read = read_event(event(5, receipt=receipt()).event, TOKENS, SPEC).detail
    assert isinstance(read, fillwire.Receipt)
    assert (str(read.amount_in), str(read.amount_out)) == ("1.5 SOL", "239.99 USDC")
    assert (read.price, read.venue_time) == (Decimal("159.993333"), timedelta(milliseconds=700))
    assert read.venues == ("raydium_cpmm", "meteora_damm_v2")
    assert [str(leg.fee_in) for leg in read.legs] == ["0.0009 SOL", "0 SOL"]


def test_numbers_newer_than_the_sdk_read_as_unknown() -> None:
    newer = order("FAILED", failure=failure())
    for message, field in ((newer, "status"), (newer.failure, "reason"), (newer.spec, "time_in_force")):
        setattr(message, field, 99)
    read = read_order(newer, TOKENS)
    assert read.status is Status.UNKNOWN
    assert read.failure is not None
    assert read.failure.reason is FailureReason.UNKNOWN
    assert read.spec.time_in_force is TimeInForce.UNKNOWN


def test_only_the_four_final_statuses_are_final() -> None:
    assert [status for status in Status if status.final] == ["CONFIRMED", "FAILED", "CANCELLED", "EXPIRED"]
