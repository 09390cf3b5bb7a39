"""The prices of this moment, for everybody in a process who wants to know them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType, TracebackType
from typing import Final, Self

import structlog

from fillwire_dex.market import PACE_SECONDS, Change, Market
from fillwire_dex.prices import Mids, Prices
from fillwire_dex.snapshot import Listing
from fillwire_dex.tasks import ended

_OPENING_SECONDS: Final = 5.0
_AGAIN_SECONDS: Final = 1.0

log = structlog.get_logger()


class PriceBoard:
    """Follows a market in one task; used as an async context manager.

    It opens with the first prices, or after 5 s without them where the market is away; they come when it is back.
    """

    def __init__(self, market: Market, *, pace: float = PACE_SECONDS) -> None:
        self.slot = 0
        """The slot of the last change."""
        self.version = 0
        """How many changes there were; 0 before the first prices."""
        self.updated = float("-inf")
        """When the last change came, on `time.monotonic`'s clock."""
        self.listings: Mapping[str, Listing] = MappingProxyType({})
        self.prices: Prices = MappingProxyType({})
        self.halted: frozenset[str] = frozenset()
        """The venues that do not trade; their pools are among the listings, and count for no price."""
        self._market = market
        self._pace = pace
        self._mids = Mids()
        self._turned = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._following = asyncio.create_task(self._follow())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_OPENING_SECONDS):
                await self.wait(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._following is not None:
            await ended(self._following)

    def mid(self, a: str, b: str) -> Decimal | None:
        """Return the price of one whole a in whole b, by their symbols; None where no pools join them now."""
        return self.prices.get((a, b))

    async def wait(self, after_version: int) -> int:
        """Wait until the version is greater than this one; return it. Any number may wait, and each sees the last."""
        while self.version <= after_version:
            await self._turned.wait()
        return self.version

    async def _follow(self) -> None:
        while True:
            try:
                async with contextlib.aclosing(self._market.changes(pace=self._pace)) as changes:
                    async for change in changes:
                        self._take(change)
            except Exception:
                log.exception("price_board_broke")
            await asyncio.sleep(_AGAIN_SECONDS)

    def _take(self, change: Change) -> None:
        self.prices = self._mids.of(change.listings.values(), halted=change.halted)
        self.halted = change.halted
        self.listings, self.slot, self.updated = change.listings, change.slot, time.monotonic()
        self.version += 1
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()
