"""The market as the engine sees it: quotes and venues."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fillwire.route import Route

__all__ = ["Quote", "Venue"]


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
