"""The types of orders: what makes an order execute. Prices are whole tokens out per token in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fillwire.amount import Amount, Quantity
from fillwire.status import Kind, SniperTrigger

__all__ = [
    "KINDS", "Limit", "Market", "Oco", "OrderType", "Scheduled", "Sniper", "Stop", "TakeProfit", "TrailingStop", "Twap",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Market:
    """Executes as soon as it is accepted."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Rests until the whole amount can be swapped at `limit_price` or better, net of fees; it needs no other bound.

    With `TimeInForce.IOC` it does not rest: it is swapped at once at the limit or better, or fails.
    """

    limit_price: Quantity
    """The worst average price."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Rests until the mid price is at or below `trigger_price`."""

    trigger_price: Quantity


@dataclass(frozen=True, slots=True)
class TakeProfit:
    """Rests until the mid price is at or above `trigger_price`."""

    trigger_price: Quantity


@dataclass(frozen=True, slots=True)
class TrailingStop:
    """Rests until the mid price has fallen by the trail from the best one seen since it was armed."""

    trail_bps: int
    """1 to 9999."""
    activation_price: Quantity | None = None
    """The price that arms it. `None`: armed at once."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Rests until a time."""

    execute_time: datetime
    """Aware."""


@dataclass(frozen=True, slots=True)
class Twap:
    """Cuts the amount into child orders, executed one after the other; one that fails is not made up for."""

    slices: int
    """2 to 1000."""
    interval: timedelta
    """From one child to the next."""
    start_time: datetime | None = None
    """Aware. `None`: at once."""


@dataclass(frozen=True, slots=True)
class Sniper:
    """Rests until a pool of the pair appears, founded after the order was accepted; then the best route is taken."""

    trigger: SniperTrigger = SniperTrigger.ANY
    min_liquidity: Quantity | Amount | None = None
    """The least liquidity of the token given; an `Amount` in answers. `None`: no guard."""


@dataclass(frozen=True, slots=True)
class Oco:
    """A limit and a stop on the same amount: one order, so that only one of them can ever fire."""

    limit: Limit
    stop: Stop


OrderType = Market | Limit | Stop | TakeProfit | TrailingStop | Scheduled | Twap | Sniper | Oco

KINDS: Final[Mapping[type[OrderType], Kind]] = {
    Market: Kind.MARKET,
    Limit: Kind.LIMIT,
    Stop: Kind.STOP,
    TakeProfit: Kind.TAKE_PROFIT,
    TrailingStop: Kind.TRAILING_STOP,
    Scheduled: Kind.SCHEDULED,
    Twap: Kind.TWAP,
    Sniper: Kind.SNIPER,
    Oco: Kind.OCO,
}
"""Each type by name."""
