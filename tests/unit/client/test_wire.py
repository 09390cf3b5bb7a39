"""What the SDK shows and what travels are the same, both ways."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import fillwire
from fillwire.amount import Token
from fillwire.status import FailureReason, Status, TimeInForce
from fillwire.tokens import Tokens
from fillwire.v1 import account_service_pb2, market_service_pb2, order_pb2, order_service_pb2
from fillwire.wire import methods
from fillwire.wire.enums import (
    CANCEL_RESULTS,
    KINDS,
    REASONS,
    SCOPES,
    STATUSES,
    TIMES_IN_FORCE,
    TRIGGERS,
)
from fillwire.wire.events import read_event
from fillwire.wire.orders import read_order
from fillwire.wire.specs import read_spec, write_spec
from tests.unit.client.messages import ACCEPTED, account_event, cost, event, failure, order, receipt, route

TOKENS = Tokens([Token("SOL", "So111", 9, "Solana"), Token("USDC", "EPjFW", 6, "USD Coin")])
SPEC = read_spec(order().spec, TOKENS)


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (STATUSES, order_pb2.OrderStatus),
        (KINDS, order_pb2.OrderType),
        (REASONS, order_pb2.FailureReason),
        (CANCEL_RESULTS, order_service_pb2.CancelResult),
        (SCOPES, account_service_pb2.Scope),
        (TIMES_IN_FORCE, order_pb2.TimeInForce),
        (TRIGGERS, order_pb2.SniperOrder.Trigger),
    ],
    ids=["status", "type", "reason", "cancel result", "scope", "time in force", "trigger"],
)
def test_every_value_of_the_contract_has_a_name_in_the_sdk(table: dict[Any, Any], enum: Any) -> None:
    meaningless = {0} if enum not in {order_pb2.TimeInForce, order_pb2.SniperOrder.Trigger} else set()
    assert set(table) == set(enum.values()) - meaningless


def test_every_method_is_one_of_the_contract_and_answers_what_it_says() -> None:
    services = {
        service.full_name: service
        for file in (order_service_pb2, market_service_pb2, account_service_pb2)
        for service in file.DESCRIPTOR.services_by_name.values()
    }
    found = [value for value in vars(methods).values() if isinstance(value, methods.Method)]
    assert {method.path for method in found} == {
        f"/{name}/{method.name}" for name, service in services.items() for method in service.methods
    }
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
    # A quote binds a new order only.
    assert set(terms) - {"quote_id"} < set(fillwire.terms.ReplaceTerms.__annotations__)
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
    ({"replaced": order_pb2.Replaced(spec=order().spec, request_id="r")}, fillwire.Replaced),
    ({"fired": order_pb2.Fired(condition=order_pb2.ORDER_TYPE_STOP, price="139.9")}, fillwire.Fired),
    ({"progress": order_pb2.Progress(slices_begun=2, filled_amount_in="5")}, fillwire.Progress),
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


def test_a_receipt_says_what_the_execution_cost() -> None:
    done = receipt()
    done.cost.CopyFrom(cost())
    read = read_event(event(5, receipt=done).event, TOKENS, SPEC).detail
    assert isinstance(read, fillwire.Receipt)
    assert read.cost is not None
    assert (read.cost.total_bps, read.cost.saved_bps) == (13.54, 41.84)
    assert (read.cost.second_best_venue, str(read.cost.second_best_amount)) == ("raydium_amm_v4", "239 USDC")


@pytest.mark.parametrize(
    ("second", "saved", "told"),
    [("239000000", 41.84, "239 USDC"), ("1501500000", 10.0, "1.5015 SOL"), ("", 0.0, "None")],
    ids=["exact in", "exact out", "no other quote"],
)
def test_what_the_second_best_venue_would_have_done_is_read_without_the_order_too(
    second: str, saved: float, told: str
) -> None:
    done = receipt()
    done.quoted_amount_in = "1500000000"
    done.cost.CopyFrom(cost(second_best_amount=second, saved_bps=saved))
    read = read_event(account_event("c", 5, receipt=done).event, TOKENS).detail
    assert isinstance(read, fillwire.Receipt)
    assert read.cost is not None
    assert str(read.cost.second_best_amount) == told


def test_what_an_order_had_rested_for_and_how_far_it_has_come_is_told() -> None:
    fired = order_pb2.Fired(condition=order_pb2.ORDER_TYPE_TRAILING_STOP, price="139.9", best_price="150")
    fired.time.FromDatetime(ACCEPTED)
    progress = order_pb2.Progress(slices_begun=3, slices_filled=2, filled_amount_in="5", filled_amount_out="8")
    resting = order_pb2.Resting(trigger_price="140", cause=failure("LIMIT_NOT_MET", "gone"))
    details = [
        read_event(event(2, "RESTING", **{name: detail}).event, TOKENS, SPEC).detail
        for name, detail in (("fired", fired), ("progress", progress), ("resting", resting))
    ]
    give, get = TOKENS.amount("SOL", 5), TOKENS.amount("USDC", 8)
    assert details == [
        fillwire.Fired(fillwire.Kind.TRAILING_STOP, Decimal("139.9"), "", Decimal(150), ACCEPTED),
        fillwire.Progress(3, 2, give, get, ""),
        fillwire.Resting(Decimal(140), None, fillwire.Failure(FailureReason.LIMIT_NOT_MET, "gone")),
    ]


def test_an_order_tells_what_it_has_filled_and_the_hash_of_its_log() -> None:
    told = order(
        "RESTING", 7, filled_amount_in="5", filled_amount_out="8", ceiling_amount_in="9", arrival_mid_price="160",
        cancel_requested=True, hash=b"h" * 32, parent_order_id="p",
    )  # fmt: skip
    read = read_order(told, TOKENS)
    assert (str(read.filled_amount_in), str(read.filled_amount_out)) == ("0.000000005 SOL", "0.000008 USDC")
    assert (str(read.ceiling_amount_in), read.arrival_mid_price) == ("0.000000009 SOL", Decimal(160))
    assert (read.cancel_requested, read.hash, read.parent_order_id) == (True, b"h" * 32, "p")
    assert read_event(event(1).event, TOKENS, read.spec).token_out == "USDC"


def test_every_type_has_its_name() -> None:
    assert {read_spec(write_spec(TOKENS, "SOL", "USDC", {"type": kind}), TOKENS).kind for kind in TYPES} == (
        set(fillwire.Kind) - {fillwire.Kind.UNKNOWN}
    )


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
