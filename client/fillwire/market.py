"""The market as the engine sees it: quotes, prices, venues and pools."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from fillwire.amount import Amount
from fillwire.route import Route

__all__ = ["Pool", "Price", "Quote", "Venue", "VenueScore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What an amount would give now."""

    quote_id: str
    """For `submit(..., quote_id=)`. Empty: it cannot be bound to an order."""
    token_in: str
    token_out: str
    route: Route
    price: Decimal | None
    """The average price, whole tokens out per token in. `None`: not given."""
    mid_price: Decimal | None
    """The mid before the trade. `None`: not given."""
    quote_time: datetime | None
    """When the pools were read, UTC."""
    expire_time: datetime | None
    """Until when it is worth anything, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of a pair at a moment."""

    token_a: str
    token_b: str
    mid_price: Decimal
    """Whole tokens of b per token of a: the mid of all pools, weighted by their depth."""
    time: datetime | None
    """UTC. `None`: not given."""

    @property
    def pair(self) -> str:
        """As `watch_prices` takes it: "SOL/USDC"."""
        return f"{self.token_a}/{self.token_b}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueScore:
    """What a venue's quotes were worth to the engine's own orders; the past counts half as much every 15 minutes."""

    haircut_bps: float
    """By how much the router distrusts its quotes. 0: not at all."""
    fill_error_bps: float
    """What it filled against what it had quoted, mean; negative: less than quoted."""
    reject_rate: float
    """The share of attempts through it that were refused or expired, 0 to 1."""
    latency: timedelta
    """From sent to landed, mean."""
    samples: float
    """How many legs and attempts the figures rest on; it fades as they age."""
    applied: bool
    """Whether the router takes the haircut into account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A kind of pool with its own mathematics."""

    name: str
    """What `Leg.venue` and `Routing` say."""
    title: str
    """For people."""
    pool_count: int
    available: bool
    """Whether it takes orders now."""
    reason: str
    """Why it does not. Empty: it does."""
    exact_out: bool
    """Whether it can quote an exact output."""
    score: VenueScore | None
    """How it has treated the engine's orders. `None`: nothing is known yet, or the engine keeps no scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool as it is now."""

    pool: str
    """Its id."""
    venue: str
    token_a: str
    token_b: str
    price: Decimal | None
    """Whole tokens of b per token of a, before fees. `None`: not given."""
    fee_bps: float
    """What it charges a swap at its present state."""
    reserve_a: Amount
    """What it holds of its first token."""
    reserve_b: Amount
    """What it holds of its second token."""
    version: int
    """Grows with every change of the pool."""
    slot: int
    """The slot of its last change."""
