"""The faults a simulated market can be told to have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong, and when it is felt."""

    REFUSE = "refuse"
    """The transaction executes and is reverted: Refused(SIMULATED)."""
    DROP = "drop"
    """The transaction is accepted and never lands: Expired in the end."""
    TIMEOUT_BUT_LANDS = "timeout_but_lands"
    """`send` says SendUnknown, and the transaction lands all the same."""
    RATE_LIMITED = "rate_limited"
    """`send` does not take the transaction: NotTaken(RATE_LIMITED)."""
    HALTED = "halted"
    """The venue answers no read and refuses to execute; without a venue the market takes nothing.

    Its `times` count reads, and sends where it has no venue.
    """
    QUOTE_UNAVAILABLE = "quote_unavailable"
    """A read of the venue fails."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A scripted fault: the next `times` occasions (None: until cleared), at `venue` (None: any)."""

    kind: FaultKind
    times: int | None = 1
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class FaultRates:
    """The share of occasions, 0 to 1, on which each fault strikes by itself."""

    refuse: float = 0.0
    drop: float = 0.0
    timeout_but_lands: float = 0.0
    rate_limited: float = 0.0
    quote_unavailable: float = 0.0
