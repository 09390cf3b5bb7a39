"""The receipt: what an execution gave, and what it cost in basis points."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from fillwire.amount import Amount
from fillwire.route import Leg

__all__ = ["Cost", "Receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an execution cost, in bps of what the whole amount was worth at the mid when the order arrived.

    Positive is a cost, negative a gain; drift + fee + impact + slippage = total.
    """

    total_bps: float
    """The implementation shortfall."""
    drift_bps: float
    """How the mid moved between arrival and the quote that was executed."""
    fee_bps: float
    """What the venues' fees took, as quoted."""
    impact_bps: float
    """How the amount itself moved the price, as quoted."""
    slippage_bps: float
    """What the swap gave less than the quote, because pools had moved in between."""
    second_best_venue: str
    """The best venue for the whole amount that has no leg in the route. Empty: no other quoted it."""
    second_best_amount: Amount | None
    """What that venue would have given or, exact-out, taken by its quote. `None`: no other quoted it."""
    saved_bps: float
    """How much better the route's quote was than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an execution gave."""

    signature: str
    """The transaction that landed. Empty: the order is a TWAP order, of which this sums up the children."""
    slot: int
    amount_in: Amount
    """What was given, fees included."""
    amount_out: Amount
    """What was got, net of all fees."""
    price: Decimal | None
    """Realised, whole tokens out per token in. `None`: not given."""
    quoted_amount_in: Amount | None
    """What the route had quoted to take; differs from `amount_in` of exact-out orders only. `None`: not recorded."""
    quoted_amount_out: Amount | None
    """What the route had quoted to give. `None`: not recorded."""
    slippage_bps: float
    """`amount_out` against `quoted_amount_out`; negative: less than quoted."""
    legs: tuple[Leg, ...]
    venue_time: timedelta
    """From acceptance to the last event, what the venues took: quotes, landing, waits between attempts."""
    engine_time: timedelta
    """The rest of it, queueing included."""
    arrival_mid_price: Decimal | None
    """The mid when the order was accepted or, of one that had rested, when it fired. `None`: not recorded."""
    cost: Cost | None
    """What the execution cost against that mid. `None`: the mid is not recorded, or the order is a TWAP order."""

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues of its legs, each once, in their order."""
        return tuple(dict.fromkeys(leg.venue for leg in self.legs))
