"""One run: the stack under load and faults, then peace, then the truth.

storm     clients trade while the nemesis strikes; when its time is up everything has healed
recovery  clients go on until a submit is acknowledged again
rest      nobody submits, what might rest for ever is withdrawn; every order comes to its end, and every watch with it
truth     what PostgreSQL and the venues hold, read past every proxy
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Final

import psycopg

from tests.chaos.faults import KINDS
from tests.chaos.history import About, Recorder, Type
from tests.chaos.nemesis import schedule, unleash
from tests.chaos.rules.ending import FIRST_ACK_SECONDS
from tests.chaos.scenario import Scenario
from tests.chaos.stack import Stack
from tests.chaos.truth import Truth, taken
from tests.chaos.workload import Workload

__all__ = ["HISTORY", "available", "weather"]

HISTORY: Final = "history.jsonl"

_CALM_SECONDS: Final = 2.0
_FINISH_SECONDS: Final = 10.0
_WATCH_SECONDS: Final = 6.0
_LOOK_SECONDS: Final = 0.1

_UNFINISHED = "SELECT id::text FROM fillwire.orders WHERE due_at IS NOT NULL"


def available(scenario: Scenario) -> tuple[list[str], list[str]]:
    """The kinds of fault that can strike, and those this machine lacks the means for."""
    wanted = scenario.kinds or tuple(KINDS)
    return [name for name in wanted if KINDS[name].available()], [
        name for name in wanted if not KINDS[name].available()
    ]


async def weather(scenario: Scenario, directory: Path) -> Truth:
    """Runs the scenario and leaves history, truth and logs in `directory`."""
    kinds, _ = available(scenario)
    strikes = schedule(scenario.seed, scenario.duration, [KINDS[name] for name in kinds], hold=scenario.hold)
    with Recorder(directory / HISTORY) as recorder:
        async with Stack(directory, plant=scenario.plant, latency=scenario.latency) as stack:
            async with Workload(recorder, stack, seed=scenario.seed, rate=scenario.rate) as workload:
                began = time.monotonic()
                await unleash(stack, recorder, strikes)
                await asyncio.sleep(max(0.0, began + scenario.duration - time.monotonic()))
                recorder.note("nemesis", Type.INFO, About.HEALED)
                await _come_to_rest(stack, recorder, workload, scenario.rest)
            truth = await _truth(stack)
    truth.write(directory)
    return truth


async def _come_to_rest(stack: Stack, recorder: Recorder, workload: Workload, seconds: float) -> None:
    healed = time.monotonic()
    await _recovered(recorder)
    await workload.stop_trading(_FINISH_SECONDS)
    await workload.withdraw_resting()
    unfinished = await _unfinished(stack)
    while unfinished and time.monotonic() < healed + seconds:
        await asyncio.sleep(_LOOK_SECONDS)
        unfinished = await _unfinished(stack)
    recorder.note("nemesis", Type.INFO, About.REST, unfinished=unfinished)
    await workload.watched_out(_WATCH_SECONDS)


async def _unfinished(stack: Stack) -> list[str]:
    async with await psycopg.AsyncConnection.connect(stack.postgres.url, autocommit=True) as connection:
        return [order_id for (order_id,) in await (await connection.execute(_UNFINISHED)).fetchall()]


async def _recovered(recorder: Recorder) -> None:
    """Until a submit that was sent after the healing is acknowledged, or it is plain that none will be soon."""
    since = len(recorder.records)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_ACK_SECONDS + _CALM_SECONDS):
            await asyncio.sleep(_CALM_SECONDS)
            while not _acknowledged(recorder, since):
                await asyncio.sleep(_LOOK_SECONDS)


def _acknowledged(recorder: Recorder, since: int) -> bool:
    sent: set[int] = set()
    for record in recorder.records[since:]:
        if record.f is About.SUBMIT and record.type is Type.INVOKE:
            sent.add(record.op)
        if record.f is About.SUBMIT and record.type is Type.OK and record.op in sent:
            return True
    return False


async def _truth(stack: Stack) -> Truth:
    audit = await stack.market.audit()
    missing = dict(audit.missing) | {f"{one.pool_id} {one.mint}": one.owed - one.held for one in audit.shortfalls}
    return await stack.run(lambda: taken(stack.postgres.url, missing))
