"""The workload: clients at a steady pace, and a watcher for nearly every order."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Coroutine, Sequence
from typing import Final, Self

from tests.chaos.clients import Client
from tests.chaos.history import Recorder
from tests.chaos.lines import Lines
from tests.chaos.watchers import watch, watch_with_sdk

__all__ = ["CLIENTS", "Workload"]

CLIENTS: Final = 24

_UNWATCHED: Final = 0.05
_WITH_SDK: Final = 0.15
_SECOND_LOOK: Final = 0.05
"""How often a client also watches, from anywhere, an order of before."""


class Workload:
    """Clients that together submit `rate` orders a second, as far as they are let; used as an async context manager."""

    def __init__(self, recorder: Recorder, targets: Sequence[str], *, seed: int, rate: float) -> None:
        self._recorder = recorder
        self._targets = targets
        self._seed = seed
        self._pause = CLIENTS / rate
        self._trading: list[asyncio.Task[None]] = []
        self._watching: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []
        self._lines: list[Lines] = []
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        for number in range(CLIENTS):
            lines = Lines(self._targets)
            self._lines.append(lines)
            self._trading.append(asyncio.create_task(self._trade(f"client-{number + 1}", lines, number)))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (*self._trading, *self._watching):
            task.cancel()
        await asyncio.gather(*self._trading, *self._watching, return_exceptions=True)
        for lines in self._lines:
            await lines.__aexit__(None, None, None)
        if self._broken:
            raise self._broken[0]

    async def stop_trading(self, seconds: float) -> None:
        """Lets every client finish what it is about, for so long; watchers go on."""
        self._stopping.set()
        _, late = await asyncio.wait(self._trading, timeout=seconds)
        for task in late:
            task.cancel()
        for task in self._trading:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def watched_out(self, seconds: float) -> None:
        """Waits for the watchers, for so long."""
        if self._watching:
            await asyncio.wait(self._watching, timeout=seconds)

    async def _trade(self, proc: str, lines: Lines, number: int) -> None:
        dice = random.Random(f"{self._seed}:{number}")
        client = Client(proc, self._recorder, lines, dice)
        known: list[str] = []
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), dice.expovariate(1 / self._pause))
                return
            order_id = await client.trade()
            if order_id is None:
                continue
            known.append(order_id)
            self._watch(lines, proc, order_id, dice)
            if dice.random() < _SECOND_LOOK:
                self._follow(watch(self._recorder, lines, proc, dice.choice(known), dice))

    def _watch(self, lines: Lines, proc: str, order_id: str, dice: random.Random) -> None:
        chance = dice.random()
        if chance < _UNWATCHED:
            return
        if chance < _UNWATCHED + _WITH_SDK:
            self._follow(watch_with_sdk(self._recorder, dice.choice(self._targets), f"{proc}-sdk", order_id))
        else:
            self._follow(watch(self._recorder, lines, proc, order_id, dice))

    def _follow(self, watching: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(watching)
        self._watching.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._watching.discard(task)
        # A watcher that broke saw nothing more, and would pass for one that was content.
        if not task.cancelled() and (error := task.exception()):
            self._broken.append(error)
