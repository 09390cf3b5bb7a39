"""Tells what an order waits for, for people."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import assert_never

from fillwire.amount import Quantity
from fillwire.order_type import Limit, Market, Oco, OrderType, Scheduled, Sniper, Stop, TakeProfit, TrailingStop, Twap
from fillwire.status import SniperTrigger

__all__ = ["condition", "moment"]

_EVENTS = {
    SniperTrigger.POOL_CREATED: "a new pool",
    SniperTrigger.LIQUIDITY_MIGRATED: "liquidity that moved here",
}


def condition(order: OrderType) -> str:
    """What makes it execute: "limit 150". Empty: it is a market order."""
    match order:
        case Market():
            return ""
        case Limit(limit):
            return f"limit {_price(limit)}"
        case Stop(trigger):
            return f"stop at {_price(trigger)}"
        case TakeProfit(trigger):
            return f"take profit at {_price(trigger)}"
        case TrailingStop(trail, activation):
            armed = "" if activation is None else f", armed at {_price(activation)}"
            return f"trailing stop of {trail} bps{armed}"
        case Scheduled(time):
            return f"at {moment(time)}"
        case Twap():
            start = f" from {moment(order.start_time)}" if order.start_time else ""
            return f"{order.slices} slices, {_span(order.interval)} apart{start}"
        case Sniper(trigger, liquidity):
            guard = "" if liquidity is None else f" with at least {liquidity}"
            return f"on {_EVENTS.get(trigger, 'a new pool, or liquidity that moved')}{guard}"
        case Oco(above, below):
            return f"{condition(above)} or {condition(below)}"
        case _:
            assert_never(order)


def moment(time: datetime) -> str:
    """A time in UTC."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _price(price: Quantity) -> str:
    return f"{Decimal(price):f}"


def _span(span: timedelta) -> str:
    return f"{span.total_seconds():g} s"
