"""What makes a resting order execute, one struct for each type of order; stored as JSON told apart by `type`.

Prices are whole tokens of token_out per whole token_in.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

__all__ = ["Condition", "Limit", "Oco", "Scheduled", "Sniper", "Stop", "TakeProfit", "TrailingStop", "Trigger", "Twap"]


class Limit(msgspec.Struct, frozen=True, tag_field="type", tag="LIMIT"):
    """The whole amount can be swapped at `price` or better.

    `amount` is what that means in smallest units of the side that is not exact: the least output, or the most input.
    """

    price: Decimal
    amount: int


class Stop(msgspec.Struct, frozen=True, tag_field="type", tag="STOP"):
    """The mid price is at or below `price`."""

    price: Decimal


class TakeProfit(msgspec.Struct, frozen=True, tag_field="type", tag="TAKE_PROFIT"):
    """The mid price is at or above `price`."""

    price: Decimal


class TrailingStop(msgspec.Struct, frozen=True, tag_field="type", tag="TRAILING_STOP"):
    """The mid price has fallen by `trail_bps` from the best since the order was armed.

    It is armed when the price first reaches `activation_price`; `None`: from the start.
    """

    trail_bps: int
    activation_price: Decimal | None = None


class Scheduled(msgspec.Struct, frozen=True, tag_field="type", tag="SCHEDULED"):
    """It is `at`."""

    at: datetime


class Twap(msgspec.Struct, frozen=True, tag_field="type", tag="TWAP"):
    """Child orders take their turns, `interval_seconds` apart; the first one `at`, or at once."""

    slices: int
    interval_seconds: float
    at: datetime | None = None


class Trigger(StrEnum):
    """What a sniper waits for."""

    ANY = "ANY"
    POOL_CREATED = "POOL_CREATED"
    LIQUIDITY_MIGRATED = "LIQUIDITY_MIGRATED"


class Sniper(msgspec.Struct, frozen=True, tag_field="type", tag="SNIPER"):
    """A pool of the pair appears that holds at least `min_liquidity` of token_in, smallest units; `None`: whatever."""

    trigger: Trigger = Trigger.ANY
    min_liquidity: int | None = None


class Oco(msgspec.Struct, frozen=True, tag_field="type", tag="OCO"):
    """Either of the two, whichever comes first."""

    limit: Limit
    stop: Stop


Condition = Limit | Stop | TakeProfit | TrailingStop | Scheduled | Twap | Sniper | Oco
