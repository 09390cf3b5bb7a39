"""What an account may do: its limits, and how its dead man's switch is set."""

from datetime import datetime
from typing import Final

import msgspec

from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import AccountNotFound
from fillwire_orders.order import AccountId

__all__ = ["NO_LIMITS", "Account", "Accounts", "Limits", "OwnLimits"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much an account may do; 0 is no limit. `max_streams` counts in each server process by itself."""

    orders_per_minute: int
    max_open_orders: int
    max_streams: int


NO_LIMITS: Final = Limits(orders_per_minute=0, max_open_orders=0, max_streams=0)


class OwnLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits that an account has of its own; `None`: the server's setting holds."""

    orders_per_minute: int | None = None
    max_open_orders: int | None = None
    max_streams: int | None = None

    def over(self, limits: Limits) -> Limits:
        """These, and `limits` where there is none."""
        own = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        return msgspec.structs.replace(limits, **own) if own else limits


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account; `cancel_at` is when its dead man's switch acts, `None`: it is off."""

    id: AccountId
    limits: OwnLimits
    cancel_at: datetime | None


class Accounts:
    """Reads and sets them; every method raises `StoreUnavailable` when PostgreSQL does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, account_id: AccountId) -> Account:
        """The account as it is now; raises `AccountNotFound`."""
        rows = await fetch(self._pool, "account", {"account_id": account_id})
        if not rows:
            raise AccountNotFound(account_id)
        orders_per_minute, max_open_orders, max_streams, cancel_at = rows[0]
        limits = OwnLimits(
            orders_per_minute=orders_per_minute, max_open_orders=max_open_orders, max_streams=max_streams
        )
        return Account(id=account_id, limits=limits, cancel_at=cancel_at)

    async def limit(self, account_id: AccountId, limits: OwnLimits) -> None:
        """Gives the account these limits instead of those it had; raises `AccountNotFound`."""
        params = {"account_id": account_id, **msgspec.structs.asdict(limits)}
        if not await fetch(self._pool, "limit_account", params):
            raise AccountNotFound(account_id)
