"""What the router is asked: an amount, and the limits of its route."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from fillwire_dex.errors import AmountTooSmall
from fillwire_dex.route import Mode


@dataclass(frozen=True, slots=True)
class Request:
    """`amount` is of the token sold (exact in) or of the token bought (exact out), `leg_cost` of the other one.

    `venues` are the only ones allowed (None: all), `excluded_venues` those never used,
    `haircuts` by how many bps a venue's quotes are distrusted.
    """

    mode: Mode
    amount: int
    max_legs: int
    max_hops: int
    leg_cost: int
    venues: Collection[str] | None = None
    excluded_venues: Collection[str] = ()
    haircuts: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises AmountTooSmall, and ValueError for limits that no route can keep."""
        if self.max_legs < 1 or self.max_hops < 1 or self.leg_cost < 0:
            raise ValueError("a route needs at least one leg and one hop, and a leg costs at least nothing")
        if not all(0 <= bps < 10_000 for bps in self.haircuts.values()):
            raise ValueError("a haircut is from 0 to less than 10,000 bps")
        if self.amount <= 0:
            raise AmountTooSmall("the amount must be positive")

    def permits(self, venue: str) -> bool:
        """Whether pools of this venue may be used."""
        return (self.venues is None or venue in self.venues) and venue not in self.excluded_venues

    def worth(self, amount_in: float, amount_out: float, legs: int) -> float:
        """Return what an execution is worth, the more the better: its open amount, net of what its legs cost."""
        return (amount_out if self.mode is Mode.EXACT_IN else -amount_in) - self.leg_cost * legs

    def gross(self, worth: float, legs: int) -> float:
        """Return a worth without the cost of legs."""
        return worth + self.leg_cost * legs
