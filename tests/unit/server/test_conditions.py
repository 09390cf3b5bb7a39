"""Every type of order is read as its condition, and every field of it that is wrong is named."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import order_pb2 as pb
from fillwire_orders import (
    Condition,
    Limit,
    Oco,
    OrderType,
    Scheduled,
    Sniper,
    Stop,
    TakeProfit,
    Terms,
    TimeInForce,
    TrailingStop,
    Trigger,
    Twap,
)
from fillwire_server import wire
from tests.unit.server.requests import submit
from tests.unit.server.test_submission import NOW, at, bad_fields, read

SOON = at(NOW + timedelta(minutes=1))
LATER = at(NOW + timedelta(hours=1))

# 1.5 SOL at 150 USDC are 225 USDC, in millionths.
LIMIT = Limit(Decimal(150), 225_000_000)

READ: list[tuple[dict[str, Any], Condition]] = [
    ({"limit": pb.LimitOrder(limit_price="150.00")}, LIMIT),
    ({"stop": pb.StopOrder(trigger_price="0.5")}, Stop(Decimal("0.5"))),
    ({"take_profit": pb.TakeProfitOrder(trigger_price="200")}, TakeProfit(Decimal(200))),
    ({"trailing_stop": pb.TrailingStopOrder(trail_bps=250)}, TrailingStop(250)),
    (
        {"trailing_stop": pb.TrailingStopOrder(trail_bps=1, activation_price="170")},
        TrailingStop(1, Decimal(170)),
    ),
    ({"scheduled": pb.ScheduledOrder(execute_time=SOON)}, Scheduled(NOW + timedelta(minutes=1))),
    ({"twap": pb.TwapOrder(slices=3, interval=Duration(seconds=2))}, Twap(3, 2.0)),
    (
        {"twap": pb.TwapOrder(slices=1000, interval=Duration(seconds=1, nanos=5 * 10**8), start_time=SOON)},
        Twap(1000, 1.5, NOW + timedelta(minutes=1)),
    ),
    ({"sniper": pb.SniperOrder()}, Sniper()),
    (
        {"sniper": pb.SniperOrder(trigger=pb.SniperOrder.TRIGGER_LIQUIDITY_MIGRATED, min_liquidity="7")},
        Sniper(Trigger.LIQUIDITY_MIGRATED, 7),
    ),
    (
        {"oco": pb.OcoOrder(limit=pb.LimitOrder(limit_price="150"), stop=pb.StopOrder(trigger_price="120"))},
        Oco(LIMIT, Stop(Decimal(120))),
    ),
]


@pytest.mark.parametrize(("changes", "condition"), READ, ids=repr)
def test_a_type_is_read_as_its_condition(changes: dict[str, Any], condition: Condition) -> None:
    terms = read(submit(**changes)).terms
    assert terms.condition == condition
    assert terms.type == next(iter(changes)).upper()
    assert (terms.time_in_force, terms.rests) == (TimeInForce.GTC, True)


@pytest.mark.parametrize(("changes", "_condition"), READ, ids=repr)
def test_an_order_is_told_as_it_was_asked_for(changes: dict[str, Any], _condition: Condition) -> None:
    told = wire.spec(read(submit(**changes)).terms)
    assert read(submit(**_fields(told))).terms == read(submit(**changes)).terms


def test_every_type_of_the_contract_is_read_above() -> None:
    types = {field.name for field in pb.OrderSpec.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert {next(iter(changes)) for changes, _ in READ} | {"market"} == types
    assert {kind.lower() for kind in OrderType} == types


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"limit": pb.LimitOrder()}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="0")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="0.0")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="-1")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="1e3")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="NaN")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="\u0661")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="1.")}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="0." + "1" * 19)}, "spec.limit.limit_price"),
        ({"limit": pb.LimitOrder(limit_price="9" * 20)}, "spec.limit.limit_price"),  # more USDC than 64 bits hold
        ({"stop": pb.StopOrder()}, "spec.stop.trigger_price"),
        ({"take_profit": pb.TakeProfitOrder(trigger_price="x")}, "spec.take_profit.trigger_price"),
        ({"trailing_stop": pb.TrailingStopOrder()}, "spec.trailing_stop.trail_bps"),
        ({"trailing_stop": pb.TrailingStopOrder(trail_bps=10_000)}, "spec.trailing_stop.trail_bps"),
        (
            {"trailing_stop": pb.TrailingStopOrder(trail_bps=1, activation_price="-1")},
            "spec.trailing_stop.activation_price",
        ),
        ({"scheduled": pb.ScheduledOrder()}, "spec.scheduled.execute_time"),
        ({"scheduled": pb.ScheduledOrder(execute_time=Timestamp(seconds=2**60))}, "spec.scheduled.execute_time"),
        ({"twap": pb.TwapOrder(slices=1, interval=Duration(seconds=1))}, "spec.twap.slices"),
        ({"twap": pb.TwapOrder(slices=1001, interval=Duration(seconds=1))}, "spec.twap.slices"),
        ({"twap": pb.TwapOrder(slices=2)}, "spec.twap.interval"),
        ({"twap": pb.TwapOrder(slices=2, interval=Duration(seconds=604_801))}, "spec.twap.interval"),
        ({"amount_in": "2", "twap": pb.TwapOrder(slices=3, interval=Duration(seconds=1))}, "spec.twap.slices"),
        ({"sniper": pb.SniperOrder(trigger=9)}, "spec.sniper.trigger"),  # type: ignore[arg-type]
        ({"sniper": pb.SniperOrder(min_liquidity="-1")}, "spec.sniper.min_liquidity"),
        (
            {"oco": pb.OcoOrder(limit=pb.LimitOrder(limit_price="150"), stop=pb.StopOrder(trigger_price="150"))},
            "spec.oco.stop.trigger_price",
        ),
        ({"oco": pb.OcoOrder(limit=pb.LimitOrder(limit_price="150"))}, "spec.oco.stop.trigger_price"),
        ({"oco": pb.OcoOrder(stop=pb.StopOrder(trigger_price="150"))}, "spec.oco.limit.limit_price"),
        ({"stop": pb.StopOrder(trigger_price="1"), "slippage_bps": None}, "spec.slippage_bps"),
        ({"stop": pb.StopOrder(trigger_price="1"), "time_in_force": pb.TIME_IN_FORCE_IOC}, "spec.time_in_force"),
        ({"limit": pb.LimitOrder(limit_price="1"), "time_in_force": pb.TIME_IN_FORCE_GTD}, "spec.good_till_time"),
        ({"limit": pb.LimitOrder(limit_price="1"), "good_till_time": LATER}, "spec.good_till_time"),
        ({"scheduled": pb.ScheduledOrder(execute_time=LATER), "deadline": SOON}, "spec.deadline"),
    ],
    ids=repr,
)
def test_a_field_that_breaks_its_rule_is_named(changes: dict[str, Any], field: str) -> None:
    assert bad_fields(submit(**changes)) == [field]


def test_a_limit_needs_no_other_bound_than_its_price() -> None:
    terms = read(submit(slippage_bps=None, limit=pb.LimitOrder(limit_price="150"))).terms
    assert (terms.slippage_bps, terms.min_amount_out) == (None, None)


def test_a_limit_that_does_not_wait_does_not_rest() -> None:
    terms = read(submit(limit=pb.LimitOrder(limit_price="150"), time_in_force=pb.TIME_IN_FORCE_IOC)).terms
    assert not terms.rests
    assert terms.condition == LIMIT


def test_an_order_good_till_a_time_rests_until_then() -> None:
    changes: dict[str, Any] = {"time_in_force": pb.TIME_IN_FORCE_GTD, "good_till_time": LATER}
    terms = read(submit(limit=pb.LimitOrder(limit_price="150"), **changes)).terms
    assert terms.good_till_time == NOW + timedelta(hours=1)


def test_a_limit_is_worth_no_less_than_its_price_and_takes_no_more() -> None:
    odd = read(submit(amount_in="7", limit=pb.LimitOrder(limit_price="150.3"))).terms
    assert odd.condition == Limit(Decimal("150.3"), 2)  # 1.0521 millionths of a USDC, and not less
    changes: dict[str, Any] = {"amount_in": None, "amount_out": "10000000", "slippage_bps": None}
    buys = read(submit(**changes, limit=pb.LimitOrder(limit_price="150.3"))).terms
    assert buys.condition == Limit(Decimal("150.3"), 66_533_599)  # 10 USDC for 0.0665335994... SOL, and not more


def test_a_time_that_has_passed_leaves_only_a_repetition() -> None:
    past = at(NOW - timedelta(minutes=1))
    for changes in ({"scheduled": pb.ScheduledOrder(execute_time=past)}, {"deadline": past}):
        assert read(submit(**changes)).refusal is not None


def test_terms_that_differ_in_their_condition_differ_in_their_type_to_a_client() -> None:
    one, other = (read(submit(stop=pb.StopOrder(trigger_price=price))).terms for price in ("1", "2"))
    assert one.differing(other) == ["type"]


def _fields(spec: pb.OrderSpec) -> dict[str, Any]:
    return {field.name: value for field, value in spec.ListFields()}


def test_a_moment_of_the_condition_is_utc() -> None:
    terms: Terms = read(submit(scheduled=pb.ScheduledOrder(execute_time=SOON))).terms
    assert isinstance(terms.condition, Scheduled)
    assert terms.condition.at == datetime(2026, 1, 1, 0, 1, tzinfo=UTC)
