"""Writes and reads the types of orders."""

from datetime import UTC
from decimal import Decimal
from typing import assert_never

from fillwire.order_type import Limit, Market, Oco, OrderType, Scheduled, Sniper, Stop, TakeProfit, TrailingStop, Twap
from fillwire.status import SniperTrigger
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2
from fillwire.wire.enums import TRIGGER_NUMBERS, TRIGGERS
from fillwire.wire.scalars import amount, number, price, time, timestamp

__all__ = ["read_type", "write_type"]


# One case for each type there is.
def write_type(spec: order_pb2.OrderSpec, order: OrderType, tokens: Tokens) -> None:  # noqa: C901
    """Sets the type on a spec that has its tokens. Raises `ValueError` for what cannot be written."""
    match order:
        case Market():
            spec.market.SetInParent()
        case Limit(limit):
            spec.limit.limit_price = price(limit)
        case Stop(trigger):
            spec.stop.trigger_price = price(trigger)
        case TakeProfit(trigger):
            spec.take_profit.trigger_price = price(trigger)
        case TrailingStop(trail, activation):
            spec.trailing_stop.trail_bps = trail
            spec.trailing_stop.activation_price = "" if activation is None else price(activation)
        case Scheduled(moment):
            spec.scheduled.execute_time.CopyFrom(timestamp(moment))
        case Twap(slices, interval, start):
            spec.twap.slices = slices
            spec.twap.interval.FromTimedelta(interval)
            if start is not None:
                spec.twap.start_time.CopyFrom(timestamp(start))
        case Sniper(trigger=sniper, min_liquidity=liquidity):
            spec.sniper.trigger = TRIGGER_NUMBERS[sniper]
            spec.sniper.min_liquidity = "" if liquidity is None else str(tokens.raw(spec.token_in, liquidity))
        case Oco(limit=above, stop=below):
            spec.oco.limit.limit_price = price(above.limit_price)
            spec.oco.stop.trigger_price = price(below.trigger_price)
        case _:
            assert_never(order)


def read_type(spec: order_pb2.OrderSpec, tokens: Tokens) -> OrderType:
    """The type of a spec; one that is newer than this SDK, or left out, reads as a market order."""
    match spec.WhichOneof("type"):
        case "limit":
            return Limit(Decimal(spec.limit.limit_price))
        case "stop":
            return Stop(Decimal(spec.stop.trigger_price))
        case "take_profit":
            return TakeProfit(Decimal(spec.take_profit.trigger_price))
        case "trailing_stop":
            return TrailingStop(spec.trailing_stop.trail_bps, number(spec.trailing_stop.activation_price))
        case "scheduled":
            return Scheduled(spec.scheduled.execute_time.ToDatetime(UTC))
        case "twap":
            return Twap(spec.twap.slices, spec.twap.interval.ToTimedelta(), time(spec.twap, "start_time"))
        case "sniper":
            trigger = TRIGGERS.get(spec.sniper.trigger, SniperTrigger.UNKNOWN)
            return Sniper(trigger, amount(tokens, spec.token_in, spec.sniper.min_liquidity))
        case "oco":
            return Oco(Limit(Decimal(spec.oco.limit.limit_price)), Stop(Decimal(spec.oco.stop.trigger_price)))
        case "market" | None:
            return Market()
