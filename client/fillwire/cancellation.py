"""What became of a request to withdraw one order, or all of them."""

from dataclasses import dataclass

from fillwire.order import Order
from fillwire.status import CancelResult

__all__ = ["Cancellation", "Cancellations"]


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What became of the request to withdraw an order."""

    result: CancelResult
    order: Order
    """As it is now; with TOO_LATE it says how it ended."""


@dataclass(frozen=True, slots=True)
class Cancellations:
    """What became of the request to withdraw many."""

    cancelled: int
    """How many are CANCELLED by it."""
    pending: int
    """How many are PENDING: the stream tells."""
