"""The route: how an amount is spread over pools, what it gives, and the proof of how good that is."""

from dataclasses import dataclass
from decimal import Decimal

from fillwire.amount import Amount

__all__ = ["Candidate", "Leg", "Route", "Routing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Limits of a route, given with an order or a quote."""

    max_legs: int | None = None
    """The most legs, 1 to 16. `None`: the engine's default, 4."""
    max_hops: int | None = None
    """The most swaps one after the other, 1 to 4. `None`: the engine's choice."""
    include_venues: tuple[str, ...] = ()
    """Only these venues. Empty: all."""
    exclude_venues: tuple[str, ...] = ()
    """None of these venues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One swap of a route."""

    venue: str
    """As `venues` names it."""
    pool: str
    amount_in: Amount
    """Fees included."""
    amount_out: Amount
    """Net of fees."""
    fee_in: Amount
    """The fees taken in the token given; part of `amount_in`."""
    fee_out: Amount
    """The fees taken in the token got; already off `amount_out`."""
    fee_bps: float
    """All fees relative to the leg."""
    share_bps: float
    """Its share of the route's input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A pool that was asked to take the whole amount alone."""

    venue: str
    pool: str
    amount_out: Amount | None
    """What it would give, net of fees. `None`: it can't take it."""
    used: bool
    """Whether the route has a leg through it."""
    reason: str
    """Why it is not used: "outpriced", "max_legs", "excluded" and the like. Empty: used."""
    behind_bps: float
    """How far its quote is below the route's; 0 where it has no quote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How an amount is swapped, and how far that can be from the best possible."""

    amount_in: Amount
    amount_out: Amount
    """What comes out when every leg executes on its pool as quoted, net of all fees."""
    legs: tuple[Leg, ...]
    upper_bound: Amount
    """No way to spread the amount over these pools can give more."""
    gap_bps: float
    """How far `amount_out` is below `upper_bound`."""
    price_impact_bps: float
    """How far the average price, fees included, is from the mid before the trade."""
    mid_price: Decimal | None
    """The mid before the trade, in whole tokens out per token in. `None`: not recorded."""
    best_single_amount_out: Amount | None
    """What the best pool alone would give. `None`: no pool can take the amount alone."""
    candidates: tuple[Candidate, ...]
    """Every pool that was asked."""
    slot: int
    """The slot whose pool states were quoted."""
    router_micros: int
    """The time the router took, microseconds."""

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues of its legs, each once, in their order."""
        return tuple(dict.fromkeys(leg.venue for leg in self.legs))
