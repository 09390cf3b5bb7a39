"""What time alone does to orders: the scheduled ones fire, those whose time has passed expire, switches go off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from fillwire_orders import rows
from fillwire_orders.database import Pool, fetch
from fillwire_orders.event import Event, Failure, FailureReason
from fillwire_orders.journal import DISPATCH_GRACE, Dispatch
from fillwire_orders.order import AccountId

__all__ = ["Switch", "Timetable"]

_NO_MIDS: Final[Mapping[tuple[str, str], Decimal]] = {}
_PASSED: Final = {
    "deadline": Failure(FailureReason.DEADLINE_EXCEEDED, "the deadline passed; nothing was swapped"),
    "good_till_time": Failure(FailureReason.GOOD_TILL_TIME_PASSED, "its good-till time passed; nothing was swapped"),
}


@dataclass(frozen=True, slots=True)
class Switch:
    """The dead man's switch of an account, as it was set."""

    account_id: AccountId
    cancel_at: datetime


class Timetable:
    """Does what is due by the database's clock; any number of processes may ask at once, and share the work.

    Every method raises `StoreUnavailable` and can be called again: what was done by then is not done twice.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def fire_scheduled(
        self, mids: Mapping[tuple[str, str], Decimal] = _NO_MIDS, *, limit: int = 500
    ) -> Sequence[Dispatch]:
        """Fires the scheduled orders that are due, with the mids of their pairs; gives them, to be queued."""
        named = msgspec.json.encode({"/".join(pair): mid for pair, mid in mids.items()})
        params = {"limit": limit, "dispatch_grace": DISPATCH_GRACE, "mids": named.decode()}
        return [Dispatch(*row) for row in await fetch(self._pool, "fire_scheduled", params)]

    async def expire(self, *, limit: int = 500) -> Sequence[Event]:
        """Ends orders that are too late and in nobody's hands; gives their last events, to be published."""
        details = {name: msgspec.json.encode(failure).decode() for name, failure in _PASSED.items()}
        return [rows.event(row) for row in await fetch(self._pool, "expire", {"limit": limit, **details})]

    async def switches(self, *, limit: int = 100) -> Sequence[Switch]:
        """The switches that ought to go off now, longest overdue first; they stay so until `clear`."""
        return [Switch(*row) for row in await fetch(self._pool, "due_switches", {"limit": limit})]

    async def clear(self, switch: Switch) -> None:
        """Takes off a switch that has done its work, unless it was set again."""
        params = {"account_id": switch.account_id, "cancel_at": switch.cancel_at}
        await fetch(self._pool, "clear_switch", params)
