"""The options of a command say what type an order has, and what is to change about it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fillwire import (
    Limit,
    Market,
    Oco,
    OrderType,
    Scheduled,
    Sniper,
    SniperTrigger,
    Stop,
    TakeProfit,
    TrailingStop,
    Twap,
)
from fillwire.cli.conditions import condition
from fillwire.cli.order_types import Slices, Typed, changed, order_type, slices

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
TEN = Slices(10, timedelta(seconds=30))

TYPES: list[tuple[dict[str, Any], OrderType | None, str]] = [
    ({}, None, ""),
    ({"limit": "170"}, Limit("170"), "limit 170"),
    ({"stop": "140"}, Stop("140"), "stop at 140"),
    ({"take_profit": "180"}, TakeProfit("180"), "take profit at 180"),
    ({"trail_bps": 50}, TrailingStop(50), "trailing stop of 50 bps"),
    ({"trail_bps": 50, "activate": "170"}, TrailingStop(50, "170"), "trailing stop of 50 bps, armed at 170"),
    ({"at": NOON}, Scheduled(NOON), "at 2030-01-01 12:00:00 UTC"),
    ({"twap": TEN}, Twap(10, timedelta(seconds=30)), "10 slices, 30 s apart"),
    (
        {"twap": TEN, "begin": NOON},
        Twap(10, timedelta(seconds=30), NOON),
        "10 slices, 30 s apart from 2030-01-01 12:00:00 UTC",
    ),
    ({"snipe": SniperTrigger.ANY}, Sniper(), "on a new pool, or liquidity that moved"),
    (
        {"snipe": SniperTrigger.POOL_CREATED, "min_liquidity": "5"},
        Sniper(SniperTrigger.POOL_CREATED, "5"),
        "on a new pool with at least 5",
    ),
    ({"limit": "170", "stop": "140"}, Oco(Limit("170"), Stop("140")), "limit 170 or stop at 140"),
]


@pytest.mark.parametrize(
    ("options", "kind", "told"), TYPES, ids=lambda value: "+".join(value) if type(value) is dict else ""
)
def test_options_say_a_type_and_it_is_told_again(options: dict[str, Any], kind: OrderType | None, told: str) -> None:
    assert order_type(Typed(**options), oco="limit" in options and "stop" in options) == kind
    assert condition(kind or Market()) == told


@pytest.mark.parametrize(
    ("options", "oco", "told"),
    [
        ({"limit": "170", "stop": "140"}, False, "--oco"),
        ({"limit": "170"}, True, "--oco goes with --limit and --stop"),
        ({"limit": "170", "stop": "140", "at": NOON}, True, "--oco goes with"),
        ({"limit": "170", "take_profit": "180"}, False, "--limit and --take-profit exclude each other"),
        ({"activate": "170"}, False, "--activate goes with --trail-bps"),
        ({"begin": NOON, "at": NOON}, False, "--begin goes with --twap"),
        ({"min_liquidity": "5"}, False, "--min-liquidity goes with --snipe"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: dict[str, Any], oco: bool, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        order_type(Typed(**options), oco=oco)


def test_slices_are_a_number_and_the_time_between_them() -> None:
    assert slices("10x30s") == TEN
    assert slices("2x1.5h") == Slices(2, timedelta(hours=1.5))
    for text in ("10", "x30s", "10x", "10x30 parsecs", "-1x30s"):
        with pytest.raises(ValueError, match=r"such as 10"):
            slices(text)


CHANGES: list[tuple[OrderType, dict[str, Any], OrderType | None]] = [
    (Limit(Decimal(170)), {"limit": "171"}, Limit("171")),
    (Stop(Decimal(140)), {"stop": "141"}, Stop("141")),
    (TakeProfit(Decimal(180)), {"take_profit": "181"}, TakeProfit("181")),
    (TrailingStop(50, Decimal(170)), {"trail_bps": 60}, TrailingStop(60, Decimal(170))),
    (TrailingStop(50), {"activate": "170"}, TrailingStop(50, "170")),
    (Scheduled(NOON), {"at": NOON + timedelta(1)}, Scheduled(NOON + timedelta(1))),
    (Twap(2, timedelta(seconds=1), NOON), {"twap": TEN}, Twap(10, timedelta(seconds=30), NOON)),
    (Sniper(SniperTrigger.POOL_CREATED), {"min_liquidity": "5"}, Sniper(SniperTrigger.POOL_CREATED, "5")),
    (Oco(Limit(Decimal(170)), Stop(Decimal(140))), {"stop": "141"}, Oco(Limit(Decimal(170)), Stop("141"))),
    (Oco(Limit(Decimal(170)), Stop(Decimal(140))), {}, None),
]


@pytest.mark.parametrize(("was", "options", "becomes"), CHANGES, ids=lambda value: type(value).__name__)
def test_a_change_keeps_what_is_not_given(was: OrderType, options: dict[str, Any], becomes: OrderType | None) -> None:
    assert changed(was, Typed(**options)) == becomes


def test_a_change_names_what_the_type_does_not_have() -> None:
    with pytest.raises(ValueError, match="a take profit order has no --at and no --stop"):
        changed(TakeProfit(Decimal(180)), Typed(stop="140", at=NOON, take_profit="1"))
