"""The explanation: everything the engine recorded about an order."""

from dataclasses import dataclass

from fillwire.event import Event, Fired
from fillwire.order import Failure, Order
from fillwire.route import Route

__all__ = ["Attempt", "Explanation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to execute an order."""

    attempt: int
    """From 1."""
    route: Route | None
    """The route it chose, with all quotes. `None`: there was none to choose."""
    signature: str
    """Of its transaction. Empty: none was built."""
    failure: Failure | None
    """Why it came to nothing. `None`: it did not."""
    fired: Fired | None
    """What made the order execute. `None`: it had not rested before this attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole story of an order."""

    order: Order
    """As it is now."""
    events: tuple[Event, ...]
    """All of them, in their order."""
    attempts: tuple[Attempt, ...]
    """First to last."""
