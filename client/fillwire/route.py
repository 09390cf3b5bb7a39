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
    """The most swaps one after the other, 1 to 4. `None`: the engine's default, 3."""
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
    """Its share of what the route sells of the token given."""
    quoted_amount_out: Amount | None = None
    """Of a leg that was executed: what the route had promised for its `amount_in`. `None`: it is a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A pool that was considered; one of the route's own pair was asked to take the whole amount alone."""

    venue: str
    pool: str
    token_in: str
    token_out: str
    amount_in: Amount | None
    """What it would take. `None`: it can't fill the whole amount, or trades another pair."""
    amount_out: Amount | None
    """What it would give, net of fees. `None`: it can't fill the whole amount, or trades another pair."""
    used: bool
    """Whether the route has a leg through it."""
    reason: str
    """Why it is not used: "outpriced", "max_legs", "excluded" and the like. Empty: used."""
    behind_bps: float
    """How far its quote is behind the route's; 0 where it has no quote."""
    haircut_bps: float
    """How far its quotes were distrusted for what its venue did to earlier orders; the amounts are the true ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How an amount is swapped, and how far that can be from the best possible."""

    exact_out: bool
    """Whether `amount_out` was asked for; else `amount_in` was."""
    amount_in: Amount
    """Exact-out: what it takes, all fees included."""
    amount_out: Amount
    """What comes out when every leg executes on its pool as quoted, net of all fees."""
    legs: tuple[Leg, ...]
    """In the order of their execution: a leg comes after all those that bring what it sells."""
    bound: Amount
    """No way to spread the amount over these pools gives more; exact-out: none takes less."""
    gap_bps: float
    """How far the route is from `bound`, relative to it."""
    price_impact_bps: float
    """How far the average price, fees included, is from the mid before the trade."""
    mid_price: Decimal | None
    """The mid before the trade, in whole tokens out per token in. `None`: not recorded."""
    best_single: Amount | None
    """What the best pool alone would give, or exact-out take. `None`: no pool can fill the amount alone."""
    candidates: tuple[Candidate, ...]
    """Every pool that was considered."""
    slot: int
    """The slot whose pool states were quoted."""
    router_micros: int
    """The time the router took, microseconds."""

    @property
    def improvement_bps(self) -> float | None:
        """How much more than the best single pool it gives, or exact-out how much less it takes. `None`: none could."""
        if self.best_single is None or not self.best_single.raw:
            return None
        if self.exact_out:
            return (1 - self.amount_in.raw / self.best_single.raw) * 10_000
        return (self.amount_out.raw / self.best_single.raw - 1) * 10_000

    def alone(self, pool: Candidate) -> Amount | None:
        """What a pool would give for the whole amount, or exact-out take. `None`: it can't fill it."""
        return pool.amount_in if self.exact_out else pool.amount_out

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues of its legs, each once, in their order."""
        return tuple(dict.fromkeys(leg.venue for leg in self.legs))
