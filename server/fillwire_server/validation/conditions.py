"""What makes an order execute, read from the contract's `type`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any, Final

from fillwire.v1 import order_pb2 as pb
from fillwire_dex import tokens
from fillwire_orders import (
    Condition,
    Limit,
    Oco,
    OrderType,
    Scheduled,
    Sniper,
    Stop,
    TakeProfit,
    TrailingStop,
    Trigger,
    Twap,
)
from fillwire_server.validation.form import MAX_AMOUNT, Form

__all__ = ["Swap", "condition", "type_of"]

_WEEK_SECONDS: Final = 7 * 86_400
_EXACT: Final = Context(prec=80)

_TRIGGERS: Final[Mapping[int, Trigger]] = {
    pb.SniperOrder.TRIGGER_UNSPECIFIED: Trigger.ANY,
    pb.SniperOrder.TRIGGER_POOL_CREATED: Trigger.POOL_CREATED,
    pb.SniperOrder.TRIGGER_LIQUIDITY_MIGRATED: Trigger.LIQUIDITY_MIGRATED,
}


@dataclass(frozen=True, slots=True)
class Swap:
    """The pair and the exact amount, as far as they are right: what a limit price is worth depends on them."""

    token_in: str
    token_out: str
    amount_in: int | None
    amount_out: int | None

    def other_side(self, price: Decimal) -> int | None:
        """The least output, or the most input, in smallest units, that is `price` or better; `None`: not known."""
        if not (self.token_in and self.token_out):
            return None
        scale = tokens.find(self.token_out).decimals - tokens.find(self.token_in).decimals
        if self.amount_in is not None:
            least = _EXACT.multiply(Decimal(self.amount_in), price).scaleb(scale, _EXACT)
            return int(least.to_integral_value(ROUND_CEILING))
        if self.amount_out is not None:
            most = _EXACT.divide(Decimal(self.amount_out).scaleb(-scale, _EXACT), price)
            return int(most.to_integral_value(ROUND_FLOOR))
        return None


def type_of(spec: pb.OrderSpec) -> OrderType:
    """Which type of order is asked for."""
    return OrderType((spec.WhichOneof("type") or "market").upper())


def condition(form: Form, spec: pb.OrderSpec, swap: Swap) -> Condition | None:
    """The condition of the order's type; `None` for a market order, and where it is wrong."""
    name = spec.WhichOneof("type") or "market"
    if name == "market":
        return None
    told, field = getattr(spec, name), f"spec.{name}"
    form.known(field, told)
    return _READERS[name](form, field, told, swap)


def _limit(form: Form, field: str, told: pb.LimitOrder, swap: Swap) -> Limit | None:
    price = form.price(f"{field}.limit_price", told.limit_price)
    amount = None if price is None else swap.other_side(price)
    if price is None or amount is None:
        return None
    if not 1 <= amount <= MAX_AMOUNT:
        form.refuse(f"{field}.limit_price", f"must make the other amount 1 to {MAX_AMOUNT} smallest units")
    return Limit(price, amount)


def _stop(form: Form, field: str, told: pb.StopOrder, _swap: Swap) -> Stop | None:
    price = form.price(f"{field}.trigger_price", told.trigger_price)
    return None if price is None else Stop(price)


def _take_profit(form: Form, field: str, told: pb.TakeProfitOrder, _swap: Swap) -> TakeProfit | None:
    price = form.price(f"{field}.trigger_price", told.trigger_price)
    return None if price is None else TakeProfit(price)


def _trailing_stop(form: Form, field: str, told: pb.TrailingStopOrder, _swap: Swap) -> TrailingStop:
    trail_bps = form.number(f"{field}.trail_bps", told.trail_bps, 1, 9_999)
    activation = form.price(f"{field}.activation_price", told.activation_price) if told.activation_price else None
    return TrailingStop(trail_bps, activation)


def _scheduled(form: Form, field: str, told: pb.ScheduledOrder, _swap: Swap) -> Scheduled | None:
    if not told.HasField("execute_time"):
        form.refuse(f"{field}.execute_time", "must be given")
        return None
    at = form.moment(f"{field}.execute_time", told.execute_time)
    return None if at is None else Scheduled(at)


def _twap(form: Form, field: str, told: pb.TwapOrder, swap: Swap) -> Twap:
    slices = form.number(f"{field}.slices", told.slices, 2, 1_000)
    interval = form.seconds(f"{field}.interval", told.interval, 1, _WEEK_SECONDS)
    amount = swap.amount_in or swap.amount_out
    if amount is not None and amount < slices:
        form.refuse(f"{field}.slices", "must be no more than the amount has smallest units")
    at = form.moment(f"{field}.start_time", told.start_time) if told.HasField("start_time") else None
    return Twap(slices, interval, at)


def _sniper(form: Form, field: str, told: pb.SniperOrder, _swap: Swap) -> Sniper:
    trigger = _TRIGGERS.get(told.trigger)
    if trigger is None:
        form.refuse(f"{field}.trigger", "must be one of the contract's")
    least = form.amount(f"{field}.min_liquidity", told.min_liquidity) if told.min_liquidity else None
    return Sniper(trigger or Trigger.ANY, least)


def _oco(form: Form, field: str, told: pb.OcoOrder, swap: Swap) -> Oco | None:
    form.known(f"{field}.limit", told.limit)
    form.known(f"{field}.stop", told.stop)
    limit = _limit(form, f"{field}.limit", told.limit, swap)
    stop = _stop(form, f"{field}.stop", told.stop, swap)
    if limit is None or stop is None:
        return None
    if stop.price >= limit.price:
        form.refuse(f"{field}.stop.trigger_price", "must be below limit.limit_price")
    return Oco(limit, stop)


_READERS: Final[Mapping[str, Callable[[Form, str, Any, Swap], Condition | None]]] = {
    "limit": _limit,
    "stop": _stop,
    "take_profit": _take_profit,
    "trailing_stop": _trailing_stop,
    "scheduled": _scheduled,
    "twap": _twap,
    "sniper": _sniper,
    "oco": _oco,
}
