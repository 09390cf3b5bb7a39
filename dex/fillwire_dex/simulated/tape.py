"""The market as it goes by, for everybody in this process who follows it: one look at it for all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

import structlog

from fillwire_dex.errors import DexError
from fillwire_dex.market import Change
from fillwire_dex.simulated import directory, notices
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.mirror import Listings
from fillwire_dex.simulated.reads import Reader
from fillwire_dex.tasks import ended

BREATH_SECONDS: Final = 0.05
"""The least time from news to the next look: in a busy market each look takes in many blocks."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Scene:
    """The market at one look; `height` is that of its last block."""

    slot: int
    height: int
    listings: Listings
    halted: frozenset[str]


class Tape:
    """Looks at the market for as long as somebody follows it: at every notice, and at the pace of the most eager."""

    def __init__(self, connections: Connections, reader: Reader) -> None:
        self._connections = connections
        self._reader = reader
        self._paces: list[float] = []
        self._scene: _Scene | None = None
        self._turned = asyncio.Event()
        self._heard = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._away = False

    async def follow(self, pace: float) -> AsyncGenerator[Change]:
        """See `Market.changes`."""
        self._paces.append(pace)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        seen = None
        try:
            while True:
                scene = await self._after(seen)
                yield _change(seen, scene)
                seen = scene
        finally:
            self._paces.remove(pace)
            if not self._paces:
                await self._stop()

    async def _after(self, seen: _Scene | None) -> _Scene:
        """Wait for a scene that is not the one that was seen."""
        while self._scene is None or self._scene is seen:
            await self._turned.wait()
        return self._scene

    async def _stop(self) -> None:
        running, self._running, self._scene = self._running, None, None
        if running is not None:
            await ended(running)

    async def _run(self) -> None:
        listening = asyncio.create_task(notices.listen(self._connections, self._hear))
        try:
            while True:
                self._heard.clear()
                if await self._look():
                    await asyncio.sleep(BREATH_SECONDS)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(self._paces)):
                        await self._heard.wait()
        finally:
            await ended(listening)

    def _hear(self, height: int | None) -> None:
        if height is None or self._scene is None or height > self._scene.height:
            self._heard.set()

    async def _look(self) -> bool:
        """Look once, and show those who follow what is new; whether anything was. An outage is told of once."""
        try:
            scene = await self._seen()
        except DexError as error:
            if not self._away:
                log.warning("market_away", error=str(error))
        except Exception:
            if not self._away:
                log.exception("market_look_broke")
        else:
            self._away = False
            return self._show(scene)
        self._away = True
        return False

    def _show(self, scene: _Scene) -> bool:
        """Let those who wait have this scene, unless it is the one they saw; whether it is new."""
        if scene is self._scene:
            return False
        self._scene = scene
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()
        return True

    async def _seen(self) -> _Scene:
        """Return the market as it is now; the last scene where that is what it still shows."""
        sight = await self._reader.present()
        halted, last = directory.halted(sight, self._reader.streams), self._scene
        if last is not None and last.listings is sight.listings and last.halted == halted:
            return last
        return _Scene(sight.slot, sight.height, sight.listings, halted)


def _change(before: _Scene | None, after: _Scene) -> Change:
    there = after.listings
    if before is None:
        return Change(after.slot, there, after.halted, frozenset(there), ())
    was = before.listings
    moved = [id_ for id_, listing in there.items() if was.get(id_) is not listing]
    gone = was.keys() - there.keys()
    born = tuple(there[id_] for id_ in moved if id_ not in was)
    return Change(after.slot, there, after.halted, frozenset((*moved, *gone)), born)
