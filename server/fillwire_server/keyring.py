"""The API keys that are in use, as the server knows them: at most two seconds old.

Reading a key for every call would cost each of them a round trip. So what was read is good for two seconds, and keys
that are in use are read again every second: a key that was revoked or has expired is of no use two seconds later, and
the streams that were opened with it end.
While PostgreSQL is away streams go on; new calls have to wait until their key can be read.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog

from fillwire_orders import DEFAULT_ACCOUNT, StoreUnavailable
from fillwire_orders.accounts import Limits, OwnLimits
from fillwire_orders.batch import Batch
from fillwire_orders.credentials import DIGEST_BYTES, Credential
from fillwire_orders.keys import Found, Key, Keys, allowed
from fillwire_orders.tasks import ended
from fillwire_server.accounts import Caller
from fillwire_server.refusals import KeyInvalid, KeyMissing

__all__ = ["FRESH_SECONDS", "KeyRing", "opened_ring"]

FRESH_SECONDS: Final = 2.0
"""How long what was read of a key holds."""

_LOOK_SECONDS: Final = 1.0
_FORGET_SECONDS: Final = 60.0
_NOTE_SECONDS: Final = 60.0
_NO_DIGEST: Final = bytes(DIGEST_BYTES)

log = structlog.get_logger()


@dataclass(slots=True)
class _Known:
    key: Key
    read_at: float
    used_at: float
    noted_at: float

    def seconds_left(self) -> float | None:
        left = self.key.seconds_left
        return None if left is None else left - (time.monotonic() - self.read_at)


class KeyRing:
    """Says who makes a call.

    `pepper` is what the secrets were digested with; without it no key fits. `here` says that only this machine can
    reach the server: then, as long as there are no keys at all, calls without one are the default account's.
    """

    def __init__(self, keys: Keys, *, pepper: str | None, here: bool, limits: Limits) -> None:
        self._keys = keys
        self._pepper = pepper
        self._here = here
        self._limits = limits
        self._known: dict[str, _Known] = {}
        self._any: bool | None = None
        self._default_limits = OwnLimits()
        self._looked_at = 0.0
        self._streams: dict[str, set[asyncio.Timeout]] = defaultdict(set)
        self._reads: Batch[str, None] = Batch(self._read, shared=(StoreUnavailable,))

    async def caller(self, credential: str | None) -> Caller:
        """Whose credential it is, `None` being none at all.

        Raises `KeyMissing` or `KeyInvalid`, and `StoreUnavailable` where it cannot be known.
        """
        if credential is None:
            return await self._nobody()
        given = Credential.parse(credential)
        if given is None:
            raise KeyInvalid
        known = await self._find(given.key_id)
        fits = given.matches(known.key.digest if known else _NO_DIGEST, self._pepper or "")
        if known is None or not fits or self._pepper is None:
            raise KeyInvalid
        known.used_at = time.monotonic()
        return self._caller(known)

    @contextmanager
    def holding(self, caller: Caller, stream: asyncio.Timeout) -> Iterator[None]:
        """Lets `stream` expire when the caller's key is no longer good."""
        streams = self._streams[caller.key_id]
        streams.add(stream)
        try:
            yield
        finally:
            streams.discard(stream)
            if not streams:
                self._streams.pop(caller.key_id, None)

    async def look(self) -> None:
        """Reads again what is in use, and ends the streams of keys that are no longer good."""
        now = time.monotonic()
        for key_id in [id_ for id_, known in self._known.items() if known.used_at < now - _FORGET_SECONDS]:
            if key_id not in self._streams:
                del self._known[key_id]
        await self._read([key_id for key_id in {*self._known, *self._streams} if key_id])
        for key_id in list(self._streams):
            if not self._is_good(key_id):
                self._end(key_id)
        await self._note_use(now)

    async def forever(self) -> None:
        """Looks every second."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                with suppress(StoreUnavailable):
                    await self.look()
            except Exception:
                log.exception("keys_not_read")

    async def _nobody(self) -> Caller:
        if not self._here:
            raise KeyMissing
        if self._looked_at < time.monotonic() - FRESH_SECONDS:
            await self._reads("")
        if self._any:
            raise KeyMissing
        return Caller(account_id=DEFAULT_ACCOUNT, limits=self._default_limits.over(self._limits))

    async def _find(self, key_id: str) -> _Known | None:
        known = self._known.get(key_id)
        if known is None or known.read_at < time.monotonic() - FRESH_SECONDS:
            await self._reads(key_id)
        return self._known.get(key_id)

    def _caller(self, known: _Known) -> Caller:
        key = known.key
        if key.revoked_at is not None:
            raise KeyInvalid("was revoked")
        if (left := known.seconds_left()) is not None and left <= 0:
            raise KeyInvalid("has expired")
        return Caller(
            account_id=key.account_id,
            limits=key.limits.over(self._limits),
            scopes=allowed(key.scopes),
            key_id=key.id,
            expires_at=key.expires_at,
        )

    async def _read(self, ids: Sequence[str]) -> Sequence[None]:
        # From before it is asked: the answer may be as old as the question.
        now = time.monotonic()
        found = await self._keys.find({key_id for key_id in ids if key_id})
        self._looked_at = now
        self._note_any(found)
        for key_id in ids:
            before = self._known.pop(key_id, None)
            if key := found.keys.get(key_id):
                used_at, noted_at = (before.used_at, before.noted_at) if before else (now, 0.0)
                self._known[key_id] = _Known(key, now, used_at, noted_at)
        return [None for _ in ids]

    def _note_any(self, found: Found) -> None:
        if not found.any:
            self._default_limits = found.limits
        if self._any != found.any and self._here:
            if found.any:
                log.info("keys_are_asked_for")
            else:
                log.warning("keys_are_not_asked_for", account=DEFAULT_ACCOUNT, until="there is a key")
        if found.any and self._pepper is None and not self._any:
            log.error("keys_cannot_be_checked", missing="FILLWIRE_KEY_PEPPER")
        self._any = found.any

    def _is_good(self, key_id: str) -> bool:
        if not key_id:
            return not self._any
        known = self._known.get(key_id)
        if known is None or known.key.revoked_at is not None:
            return False
        left = known.seconds_left()
        return left is None or left > 0

    def _end(self, key_id: str) -> None:
        now = asyncio.get_running_loop().time()
        for stream in self._streams[key_id]:
            stream.reschedule(now)

    async def _note_use(self, now: float) -> None:
        """Once a minute for each key; what was not yet noted is lost with the process, and nothing rests on it."""
        used = [
            one for one in self._known.values() if one.used_at > one.noted_at and now > one.noted_at + _NOTE_SECONDS
        ]
        if used:
            await self._keys.used([one.key.id for one in used])
        for one in used:
            one.noted_at = now


@asynccontextmanager
async def opened_ring(keys: Keys, *, pepper: str | None, here: bool, limits: Limits) -> AsyncIterator[KeyRing]:
    """A ring that keeps itself up to date while the block runs."""
    ring = KeyRing(keys, pepper=pepper, here=here, limits=limits)
    await ring.look()
    looking = asyncio.create_task(ring.forever())
    try:
        yield ring
    finally:
        await ended(looking)
