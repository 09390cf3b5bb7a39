"""Everything a trigger process does, each at its own pace."""

import asyncio
import contextlib
import gc
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from fillwire_dex import MarketUnavailable, PriceBoard
from fillwire_orders import Dispatcher, Pool, Reader, StoreUnavailable
from fillwire_orders.changes import Changes
from fillwire_orders.price_bars import PriceBars
from fillwire_orders.publisher import Publisher
from fillwire_orders.resting import RestingOrders
from fillwire_orders.tasks import ended
from fillwire_orders.timed import Timetable
from fillwire_orders.twaps import Twaps
from fillwire_workers.triggers.bars import Bars
from fillwire_workers.triggers.book import Book
from fillwire_workers.triggers.clockwork import Clockwork
from fillwire_workers.triggers.roll import Roll
from fillwire_workers.triggers.volley import Volley
from fillwire_workers.triggers.watch import Watch

__all__ = ["Triggers"]

FOLLOW_SECONDS: Final = 0.1
DUE_SECONDS: Final = 0.2
"""How often time is asked whether scheduled and TWAP orders are due."""

LATE_SECONDS: Final = 1.0
"""How often orders that are too late, and switches, are looked for; a bar covers as much."""

SETTLE_SECONDS: Final = 60.0

_PAUSE_SECONDS: Final = 0.2

log = structlog.get_logger()


class Triggers:
    """Runs until it is cancelled; an outage of any store stops only what needs it, for as long as it lasts."""

    def __init__(self, pool: Pool, board: PriceBoard, publisher: Publisher, dispatcher: Dispatcher) -> None:
        self.book = Book()
        resting, price_bars, bars = RestingOrders(pool), PriceBars(pool), Bars()
        self._roll = Roll(resting, price_bars, self.book, bars)
        self._watch = Watch(board, self.book, self._roll, bars, Volley(resting, dispatcher))
        self._clockwork = Clockwork(
            timetable=Timetable(pool),
            twaps=Twaps(pool),
            changes=Changes(pool, Reader(pool), publisher),
            price_bars=price_bars,
            publisher=publisher,
            dispatcher=dispatcher,
            board=board,
            book=self.book,
            bars=bars,
        )

    async def load(self) -> None:
        """Reads all orders that rest; raises `StoreUnavailable`."""
        began = time.perf_counter()
        await self._roll.follow()
        log.info("triggers_ready", orders=len(self.book), seconds=round(time.perf_counter() - began, 2))

    async def run(self) -> None:
        """Follows the journal, the market and the clock, each at its own pace."""
        clockwork = self._clockwork
        paces = {
            self._watch.turn: 0.0,
            self._follow: FOLLOW_SECONDS,
            clockwork.fire_scheduled: DUE_SECONDS,
            clockwork.tend_twaps: DUE_SECONDS,
            clockwork.expire: LATE_SECONDS,
            clockwork.switch_off: LATE_SECONDS,
            clockwork.store_bars: LATE_SECONDS,
            clockwork.prune_bars: SETTLE_SECONDS,
            _settle: SETTLE_SECONDS,
        }
        tasks = [asyncio.create_task(_forever(once, seconds)) for once, seconds in paces.items()]
        tasks.append(asyncio.create_task(self._watch.listen()))
        try:
            await asyncio.gather(*tasks)
        finally:
            await ended(*tasks)

    async def finish(self) -> None:
        """Stores what only this process has seen."""
        with contextlib.suppress(StoreUnavailable):
            await self._clockwork.store_bars()

    async def _follow(self) -> None:
        if await self._roll.follow():
            self._watch.stir()


async def _forever(once: Callable[[], Awaitable[None]], seconds: float) -> None:
    away = False
    while True:
        try:
            await once()
            away = False
            await asyncio.sleep(seconds)
            continue
        except (StoreUnavailable, MarketUnavailable) as error:
            if not away:  # every task would tell of it ten times a second
                log.warning("trigger_waits", what=once.__name__, error=repr(error))
            away = True
        except Exception:
            log.exception("trigger_broke", what=once.__name__)
        await asyncio.sleep(max(seconds, _PAUSE_SECONDS))


async def _settle() -> None:
    """Spares the collector all that is there: to look through a hundred thousand orders would stop everything else."""
    gc.collect()
    gc.freeze()
