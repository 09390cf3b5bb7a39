"""The workload: clients at a steady pace who change their minds, watchers, and a stranger who tries what is not his."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Coroutine
from typing import Any, Final, Self

from tests.chaos.changing import Changer, Placed
from tests.chaos.clients import Client
from tests.chaos.history import Recorder
from tests.chaos.lines import Lines
from tests.chaos.pages import Page
from tests.chaos.stack import Stack
from tests.chaos.strangers import Stranger
from tests.chaos.watchers import watch, watch_with_sdk
from tests.chaos.wishes import Wishes

__all__ = ["CLIENTS", "Workload"]

CLIENTS: Final = 24

_UNWATCHED: Final = 0.05
_WITH_SDK: Final = 0.15
_IN_PAGE: Final = 0.15
_PRIED_INTO: Final = 0.1
"""How many orders somebody else tries."""
_SECOND_LOOK: Final = 0.05
"""How often a client also watches, from anywhere, an order of before."""


class Workload:
    """Clients that together submit `rate` orders a second, as far as they are let; used as an async context manager."""

    def __init__(self, recorder: Recorder, stack: Stack, *, seed: int, rate: float) -> None:
        self._recorder = recorder
        self._stack = stack
        self._seed = seed
        self._pause = CLIENTS / rate
        self._trading: set[asyncio.Task[None]] = set()
        self._watching: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []
        self._lines: list[Lines] = []
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        dice = random.Random(f"{self._seed}:stranger")
        self._stranger = Stranger("stranger", self._recorder, self._line(self._stack.stranger), dice)
        for number in range(CLIENTS):
            self._begin(self._trading, self._trade(f"client-{number + 1}", random.Random(f"{self._seed}:{number}")))
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._trading, *self._watching]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lines in self._lines:
            await lines.__aexit__(None, None, None)
        if self._broken:
            raise self._broken[0]

    async def stop_trading(self, seconds: float) -> None:
        """Lets every client finish what it is about, for so long; watchers go on."""
        self._stopping.set()
        if self._trading:
            _, late = await asyncio.wait(self._trading, timeout=seconds)
            for task in late:
                task.cancel()

    async def withdraw_resting(self) -> None:
        """Withdraws what might rest for ever."""
        dice = random.Random(f"{self._seed}:end")
        lines = self._line(self._stack.token)
        await Changer("client-1", self._recorder, lines, dice, self._wishes("client-1", dice)).cancel_all()

    async def watched_out(self, seconds: float) -> None:
        """Waits for the watchers, for so long."""
        if self._watching:
            await asyncio.wait(self._watching, timeout=seconds)

    async def _trade(self, proc: str, dice: random.Random) -> None:
        lines, wishes = self._line(self._stack.token), self._wishes(proc, dice)
        client = Client(proc, self._recorder, lines, dice, wishes)
        changer = Changer(proc, self._recorder, lines, dice, wishes)
        known: list[str] = []
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), dice.expovariate(1 / self._pause))
                return
            if (placed := await client.trade()) is None:
                continue
            known.append(placed.order_id)
            self._begin(self._trading, changer.think_again(placed))
            self._look(lines, proc, placed, dice)
            if dice.random() < _SECOND_LOOK:
                self._begin(self._watching, watch(self._recorder, lines, proc, dice.choice(known), dice))

    def _look(self, lines: Lines, proc: str, placed: Placed, dice: random.Random) -> None:
        if dice.random() < _PRIED_INTO:
            self._begin(self._watching, self._stranger.pry(placed))
        chance = dice.random()
        if chance < _UNWATCHED:
            return
        if chance < _UNWATCHED + _WITH_SDK:
            target = dice.choice(self._stack.targets)
            watching = watch_with_sdk(self._recorder, target, self._stack.token, f"{proc}-sdk", placed.order_id)
        elif chance < _UNWATCHED + _WITH_SDK + _IN_PAGE:
            page = Page(self._recorder, self._stack.bridge_url, self._stack.token)
            watching = page.watch(proc, placed.order_id, dice)
        else:
            watching = watch(self._recorder, lines, proc, placed.order_id, dice)
        self._begin(self._watching, watching)

    def _line(self, token: str) -> Lines:
        lines = Lines(self._stack.targets, token)
        self._lines.append(lines)
        return lines

    def _wishes(self, proc: str, dice: random.Random) -> Wishes:
        return Wishes(proc, dice, self._stack.board.mid)

    def _begin(self, among: set[asyncio.Task[None]], doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        among.add(task)
        task.add_done_callback(lambda done: self._gone(among, done))

    def _gone(self, among: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
        among.discard(task)
        # A watcher that broke saw nothing more, and would pass for one that was content.
        if not task.cancelled() and (error := task.exception()):
            self._broken.append(error)
