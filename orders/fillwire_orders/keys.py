"""API keys: who may speak for an account, what the key lets him do, and until when.

    create    a key with a secret, which is shown this once; the account is made with its first key
    rotate    another key that may do the same, and an end for the old one: both are good for as long as they overlap
    revoke    the key is of no more use, for ever
    find      what servers ask

A key is never deleted: what it is called and when it was used can be read when it is of no more use.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from fillwire_orders.accounts import OwnLimits
from fillwire_orders.credentials import Credential, digest
from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import KeyNotFound
from fillwire_orders.order import AccountId

__all__ = ["Found", "Key", "Keys", "Scope", "allowed"]


class Scope(StrEnum):
    """What a key lets its holder do; each one lets him do what those before it do, too."""

    READ = "read"
    TRADE = "trade"
    ADMIN = "admin"


_ORDER: Final = tuple(Scope)


def allowed(scopes: Collection[Scope]) -> frozenset[Scope]:
    """All that a key with these scopes lets its holder do."""
    return frozenset(scope for scope in _ORDER if any(_ORDER.index(scope) <= _ORDER.index(one) for one in scopes))


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is stored. `seconds_left` is until `expires_at`, on the database's clock; `None`: it does not end."""

    id: str
    account_id: AccountId
    name: str
    digest: bytes
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    seconds_left: float | None
    limits: OwnLimits = OwnLimits()


class Found(msgspec.Struct, frozen=True):
    """The keys that were asked for, by id, and whether there are any at all.

    `limits` are those of the default account, for whom calls without a key are made where there is no key.
    """

    keys: dict[str, Key]
    any: bool
    limits: OwnLimits


class Keys:
    """The keys of all accounts; every method raises `StoreUnavailable` when PostgreSQL does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(
        self,
        account_id: AccountId,
        scopes: Collection[Scope],
        pepper: str,
        *,
        name: str = "",
        lives_seconds: float | None = None,
    ) -> Credential:
        """Makes a key; what is given back is the only copy of its secret."""
        new = Credential.new()
        params = {
            **_drafted(new, pepper),
            "account_id": account_id,
            "name": name,
            "scopes": sorted(scopes, key=_ORDER.index),
            "lives": lives_seconds,
        }
        # Once: run again, it would leave a key whose secret nobody has been told.
        await fetch(self._pool, "create_key", params, once=True)
        return new

    async def rotate(
        self, key_id: str, pepper: str, *, overlap_seconds: float, lives_seconds: float | None = None
    ) -> Credential:
        """Makes a key that replaces this one, which ends after `overlap_seconds` unless it does so before.

        The new one lives as long as the old one was to, or for `lives_seconds`. Raises `KeyNotFound`, also for one that
        is of no more use.
        """
        new = Credential.new()
        params = {**_drafted(new, pepper), "old": key_id, "overlap": overlap_seconds, "lives": lives_seconds}
        if not await fetch(self._pool, "rotate_key", params, once=True):
            raise KeyNotFound(key_id)
        return new

    async def revoke(self, key_id: str) -> None:
        """Ends a key; servers know within 2 s. Once more does nothing. Raises `KeyNotFound`."""
        if not await fetch(self._pool, "revoke_key", {"id": key_id}):
            raise KeyNotFound(key_id)

    async def list(self, account_id: AccountId | None = None) -> Sequence[Key]:
        """All keys, or those of one account, oldest first."""
        return [_key(row) for row in await fetch(self._pool, "list_keys", {"account_id": account_id})]

    async def find(self, ids: Collection[str]) -> Found:
        """The keys of these ids, those of no more use included, with the limits of their accounts."""
        rows = await fetch(self._pool, "find_keys", {"ids": list(ids)})
        exist, *limits = rows[0][:4]
        keys = [msgspec.structs.replace(_key(row[4:]), limits=_limits(row[1:4])) for row in rows if row[4] is not None]
        return Found({key.id: key for key in keys}, exist, OwnLimits() if keys else _limits(limits))

    async def used(self, ids: Collection[str]) -> None:
        """Notes that these have just been used, to the minute."""
        await fetch(self._pool, "use_keys", {"ids": list(ids)})


def _drafted(credential: Credential, pepper: str) -> dict[str, object]:
    return {"id": credential.key_id, "digest": digest(credential.secret, pepper)}


def _limits(row: Sequence[Any]) -> OwnLimits:
    return OwnLimits(orders_per_minute=row[0], max_open_orders=row[1], max_streams=row[2])


def _key(row: Sequence[Any]) -> Key:
    id_, account_id, name, kept, scopes, created_at, expires_at, revoked_at, last_used_at, seconds_left = row
    return Key(
        id=id_,
        account_id=AccountId(account_id),
        name=name,
        digest=kept,
        scopes=tuple(map(Scope, scopes)),
        created_at=created_at,
        expires_at=expires_at,
        revoked_at=revoked_at,
        last_used_at=last_used_at,
        seconds_left=seconds_left,
    )
