"""Reads the type of an order from the options of a command: `--limit 150`, `--twap 10x30s`, `--snipe created`."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

from fillwire.cli import times
from fillwire.order_type import KINDS, Limit, Oco, OrderType, Scheduled, Sniper, Stop, TakeProfit, TrailingStop, Twap
from fillwire.status import Kind, SniperTrigger

__all__ = ["Slices", "Typed", "changed", "order_type", "slices"]


@dataclass(frozen=True, slots=True)
class Slices:
    """How an order is cut."""

    count: int
    interval: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The options that say a type, as they were given; `None`: not given."""

    limit: str | None = None
    stop: str | None = None
    take_profit: str | None = None
    trail_bps: int | None = None
    activate: str | None = None
    at: datetime | None = None
    twap: Slices | None = None
    begin: datetime | None = None
    snipe: SniperTrigger | None = None
    min_liquidity: str | None = None

    @property
    def given(self) -> frozenset[str]:
        """The names of those that were given."""
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is not None)


_OPTIONS: Final = {
    Kind.MARKET: frozenset[str](),
    Kind.LIMIT: frozenset({"limit"}),
    Kind.STOP: frozenset({"stop"}),
    Kind.TAKE_PROFIT: frozenset({"take_profit"}),
    Kind.TRAILING_STOP: frozenset({"trail_bps", "activate"}),
    Kind.SCHEDULED: frozenset({"at"}),
    Kind.TWAP: frozenset({"twap", "begin"}),
    Kind.SNIPER: frozenset({"snipe", "min_liquidity"}),
    Kind.OCO: frozenset({"limit", "stop"}),
}
"""The options of each type."""

_FURTHER: Final = {"activate": "trail_bps", "begin": "twap", "min_liquidity": "snipe"}
"""Options that only say more about another one."""


def slices(text: str) -> Slices:
    """`10x30s` is ten slices, thirty seconds apart. Raises `ValueError`."""
    count, cross, interval = text.partition("x")
    if not (cross and count.isdecimal()):
        raise ValueError(f'"{text}" is no number of slices and the time between them, such as 10x30s')
    return Slices(int(count), timedelta(seconds=times.seconds(interval)))


def order_type(typed: Typed, *, oco: bool) -> OrderType | None:
    """The type that was asked for. `None`: a market order. Raises `ValueError` where the options do not go together."""
    _check(typed.given, oco=oco)
    match typed:
        case Typed(limit=str(limit), stop=str(stop)):
            return Oco(Limit(limit), Stop(stop))
        case Typed(limit=str(limit)):
            return Limit(limit)
        case Typed(stop=str(stop)):
            return Stop(stop)
        case Typed(take_profit=str(trigger)):
            return TakeProfit(trigger)
        case Typed(trail_bps=int(trail)):
            return TrailingStop(trail, typed.activate)
        case Typed(at=datetime() as at):
            return Scheduled(at)
        case Typed(twap=Slices(count, interval)):
            return Twap(count, interval, typed.begin)
        case Typed(snipe=SniperTrigger() as trigger):
            return Sniper(trigger, typed.min_liquidity)
        case _:
            return None


def _check(given: frozenset[str], *, oco: bool) -> None:
    for name in sorted(given & _FURTHER.keys()):
        if _FURTHER[name] not in given:
            raise ValueError(f"{_option(name)} goes with {_option(_FURTHER[name])}")
    leading = given - _FURTHER.keys()
    if oco and leading != _OPTIONS[Kind.OCO]:
        raise ValueError("--oco goes with --limit and --stop")
    if leading == _OPTIONS[Kind.OCO] and not oco:
        raise ValueError("an order with --limit and --stop is --oco: whichever comes first")
    if len(leading) > 1 and not oco:
        raise ValueError(f"{' and '.join(sorted(map(_option, leading)))} exclude each other")


def changed(order: OrderType, typed: Typed) -> OrderType | None:
    """The same type with what was given in place of what it had. `None`: nothing of it was given.

    Raises `ValueError` for an option that this type does not have.
    """
    foreign = typed.given - _OPTIONS[KINDS[type(order)]]
    if foreign:
        kind = KINDS[type(order)].lower().replace("_", " ")
        raise ValueError(f"a {kind} order has no {' and no '.join(sorted(map(_option, foreign)))}")
    return _with(order, typed) if typed.given else None


def _with(order: OrderType, typed: Typed) -> OrderType:
    match order:
        case Limit(limit):
            return Limit(typed.limit or limit)
        case Stop(trigger):
            return Stop(typed.stop or trigger)
        case TakeProfit(trigger):
            return TakeProfit(typed.take_profit or trigger)
        case TrailingStop(trail, activation):
            return TrailingStop(typed.trail_bps or trail, typed.activate or activation)
        case Scheduled(at):
            return Scheduled(typed.at or at)
        case Twap(count, interval, begin):
            cut = typed.twap or Slices(count, interval)
            return Twap(cut.count, cut.interval, typed.begin or begin)
        case Sniper(trigger, liquidity):
            return Sniper(typed.snipe or trigger, typed.min_liquidity or liquidity)
        case Oco(limit, stop):
            return Oco(Limit(typed.limit or limit.limit_price), Stop(typed.stop or stop.trigger_price))
        case _:
            return order


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
