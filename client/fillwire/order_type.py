"""The types of orders: what makes an order execute. Prices are whole tokens out per token in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fillwire.amount import Amount, Quantity
from fillwire.status import SniperTrigger

__all__ = [
    "Limit", "Market", "Oco", "OrderType", "Scheduled", "Sniper", "Stop", "TakeProfit", "TrailingStop", "Twap",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Market:
    """Executes as soon as it is accepted."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Rests until the whole amount can be swapped at `limit_price` or better, net of fees."""

    limit_price: Quantity


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
    """Cuts the amount into child orders, executed one after the other."""

    slices: int
    """2 to 1000."""
    interval: timedelta
    """From one child to the next."""
    start_time: datetime | None = None
    """Aware. `None`: at once."""


@dataclass(frozen=True, slots=True)
class Sniper:
    """Rests until a pool of the pair appears."""

    trigger: SniperTrigger = SniperTrigger.ANY
    min_liquidity: Quantity | Amount | None = None
    """The least liquidity of the token given; an `Amount` in answers. `None`: no guard."""


@dataclass(frozen=True, slots=True)
class Oco:
    """A limit order and a stop on the same amount: the first to fire cancels the other."""

    limit: Limit
    stop: Stop


OrderType = Market | Limit | Stop | TakeProfit | TrailingStop | Scheduled | Twap | Sniper | Oco
