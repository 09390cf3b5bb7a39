"""Where an order can be, and the one table of how it moves.

The database repeats the table as a CHECK on every event (`schema.py`), so a step that is not in it cannot be stored.
"""

from enum import StrEnum

__all__ = ["FINAL", "TRANSITIONS", "Status", "allowed"]


class Status(StrEnum):
    """The state of an order; its value is what the journal stores."""

    PENDING = "PENDING"
    """Accepted.

    In: submit. Out: a worker claims it. A crash leaves it here; the sweeper has it dispatched again.
    """

    RESTING = "RESTING"
    """Waiting for its price, its time or its event.

    In: submit of an order with a condition; an attempt that was proven dead because the price had gone; new terms, or a
    child order of a TWAP order that began or ended. Out: the condition is met and a worker claims it, the owner withdraws
    it, its time is over; a TWAP order ends from here when its last child has ended.
    A crash leaves it here; nothing was sent. That it has fired is stored before a worker is told.
    """

    ROUTING = "ROUTING"
    """A worker holds it and collects quotes.

    In: a claim. Out: a route is chosen, or there is none. A crash leaves it here; whoever takes over quotes again.
    """

    BUILDING = "BUILDING"
    """A route is chosen; its transaction is being built and signed.

    In: from ROUTING. Out: the signature is known. A crash leaves it here, and nothing can have been sent, because
    sending comes after SUBMITTED is stored; whoever takes over routes and builds again.
    """

    SUBMITTED = "SUBMITTED"
    """The signed transaction is stored, and may have been sent.

    In: from BUILDING. Out: the venue says that it landed, was refused, or can no longer land.
    A crash leaves it here; whoever takes over asks about the stored signature and sends the very same transaction.
    """

    RETRYING = "RETRYING"
    """The attempt is proven to have swapped nothing; the next one waits for its time.

    In: from any state in which a worker holds the order. Out: a claim, at or after that time.
    A crash leaves it here; the sweeper dispatches it when its time has passed.
    """

    RECONCILING = "RECONCILING"
    """Sent, and for now nobody can say what became of it.

    In: from SUBMITTED, when the venue cannot be asked. Out: as SUBMITTED. A crash leaves it here, as in SUBMITTED.
    """

    CONFIRMED = "CONFIRMED"
    """Final. Swapped, exactly once."""

    FAILED = "FAILED"
    """Final. Proven that nothing was swapped and nothing will be."""

    CANCELLED = "CANCELLED"
    """Final. Withdrawn by its owner; proven that nothing was swapped, but for the children of a TWAP order."""

    EXPIRED = "EXPIRED"
    """Final. Its time passed; proven that nothing was swapped, but for the children of a TWAP order."""


TRANSITIONS: frozenset[tuple[Status | None, Status]] = frozenset(
    {
        (None, Status.PENDING),
        (Status.PENDING, Status.RESTING),
        (Status.PENDING, Status.ROUTING),
        (Status.PENDING, Status.CANCELLED),
        (Status.PENDING, Status.EXPIRED),
        (Status.RESTING, Status.RESTING),  # new terms; a child of a TWAP order began or ended
        (Status.RESTING, Status.ROUTING),
        (Status.RESTING, Status.CONFIRMED),  # a TWAP order, by its children
        (Status.RESTING, Status.FAILED),  # the same
        (Status.RESTING, Status.CANCELLED),
        (Status.RESTING, Status.EXPIRED),
        (Status.ROUTING, Status.BUILDING),
        (Status.ROUTING, Status.RETRYING),  # no route for now: none was sent
        (Status.ROUTING, Status.FAILED),
        (Status.ROUTING, Status.EXPIRED),
        (Status.ROUTING, Status.CANCELLED),
        (Status.ROUTING, Status.RESTING),  # the limit is not met any more
        (Status.BUILDING, Status.SUBMITTED),
        (Status.BUILDING, Status.RETRYING),  # taken over, and no route any more
        (Status.BUILDING, Status.FAILED),
        (Status.BUILDING, Status.EXPIRED),
        (Status.BUILDING, Status.CANCELLED),
        (Status.BUILDING, Status.RESTING),
        (Status.SUBMITTED, Status.CONFIRMED),
        (Status.SUBMITTED, Status.RETRYING),  # proven refused or expired
        (Status.SUBMITTED, Status.FAILED),  # the same, and it was the last attempt
        (Status.SUBMITTED, Status.CANCELLED),  # proven refused or expired, and its owner wants no other attempt
        (Status.SUBMITTED, Status.RESTING),  # refused because the limit was not met any more
        (Status.SUBMITTED, Status.RECONCILING),
        (Status.RECONCILING, Status.CONFIRMED),
        (Status.RECONCILING, Status.RETRYING),
        (Status.RECONCILING, Status.FAILED),
        (Status.RECONCILING, Status.CANCELLED),
        (Status.RECONCILING, Status.RESTING),
        (Status.RETRYING, Status.ROUTING),
        (Status.RETRYING, Status.CANCELLED),
        (Status.RETRYING, Status.EXPIRED),
    }
)
"""Every step an order can take, as (from, to); `None` is "does not exist yet"."""

FINAL: frozenset[Status] = frozenset(Status) - {before for before, _ in TRANSITIONS if before is not None}
"""The states nothing leads out of."""


def allowed(before: Status | None, after: Status) -> bool:
    """Whether an order in `before` may enter `after`."""
    return (before, after) in TRANSITIONS
