"""The faults a simulated market can be told to have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_STALE_SLOTS: Final = 31
"""How far back a market remembers its pools."""


class FaultKind(StrEnum):
    """What goes wrong, and when it is felt: the occasions that `Fault.times` counts."""

    REFUSE = "refuse"
    """The transaction executes and is reverted: Refused(SIMULATED). An occasion is a transaction sent."""
    DROP = "drop"
    """The transaction is accepted and never lands: Expired in the end. An occasion is a transaction sent."""
    TIMEOUT_BUT_LANDS = "timeout_but_lands"
    """`send` says SendUnknown, and the transaction lands all the same. An occasion is a transaction sent."""
    RATE_LIMITED = "rate_limited"
    """`send` does not take the transaction: NotTaken(RATE_LIMITED). An occasion is a transaction sent."""
    HALTED = "halted"
    """A venue answers no read, and what lands on it is Refused(VENUE_HALTED).

    An occasion is a read of the venue or a transaction that is refused for it.
    Without a venue the market gives no answer to a read and takes no transaction; each of them is an occasion.
    """
    QUOTE_UNAVAILABLE = "quote_unavailable"
    """A read of the venue fails. An occasion is a read of one venue."""
    STALE_READ = "stale_read"
    """A venue answers with its pools as they were `slots` ago, 8 by default. An occasion is a read of one venue."""
    CONGESTED = "congested"
    """Transactions land later by 1 to `slots` slots, 8 by default, and the `share` of them is dropped, a quarter by
    default. An occasion is a transaction sent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A scripted fault: the next `times` occasions (None: all of them), at `venue` (None: any).

    A fault that is not used up is armed until it is cleared, or for `lasting_slots` where that is given.
    `slots` (1 to 31 for STALE_READ) and `share` (0 to 1) are those of its kind.
    """

    kind: FaultKind
    times: int | None = 1
    venue: str | None = None
    slots: int | None = None
    share: float | None = None
    lasting_slots: int | None = None

    def __post_init__(self) -> None:
        """Check what the database would not."""
        if self.kind is FaultKind.STALE_READ and not 1 <= (self.slots or 1) <= MOST_STALE_SLOTS:
            raise ValueError(f"the market remembers {MOST_STALE_SLOTS} slots, not {self.slots}")


@dataclass(frozen=True, slots=True)
class FaultRates:
    """The share of occasions, 0 to 1, on which each fault strikes by itself.

    `halted` and `congested` strike for windows of slots, see `faults.chance.WINDOW_SLOTS`; their share is that of windows.
    """

    refuse: float = 0.0
    drop: float = 0.0
    timeout_but_lands: float = 0.0
    rate_limited: float = 0.0
    quote_unavailable: float = 0.0
    stale_read: float = 0.0
    halted: float = 0.0
    congested: float = 0.0


Rates = dict[str | None, FaultRates]
"""Rates by the venue they hold at; None: market-wide. Where several concern something each has its own chance."""
