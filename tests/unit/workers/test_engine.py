"""Many orders at once in one process: no more than asked for, none for longer than its limit."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from fillwire_orders import Fenced, OrderId
from fillwire_workers import engine as module
from fillwire_workers.engine import Engine
from fillwire_workers.execution import Again

Execute = Callable[[OrderId, object], Awaitable[Again | None]]
IDS = [OrderId(str(number)) for number in range(20)]


@pytest.fixture
def engine_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Execute], Engine]:
    """An engine of three slots whose orders are executed by what the test says."""

    def made(execute: Execute) -> Engine:
        monkeypatch.setattr(module, "execute", execute)
        return Engine(cast("Any", None), concurrency=3)

    return made


async def test_no_more_orders_run_at_once_than_there_are_slots(engine_of: Callable[[Execute], Engine]) -> None:
    running = most = 0

    async def execute(_id: OrderId, _desk: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    engine = engine_of(execute)
    await engine.run(IDS, limit_seconds=5)
    assert most == 3
    assert engine.load == 0


async def test_an_order_that_takes_too_long_is_left_and_the_others_are_not(
    engine_of: Callable[[Execute], Engine],
) -> None:
    done: list[OrderId] = []

    async def execute(order_id: OrderId, _desk: object) -> None:
        if order_id == IDS[0]:
            await asyncio.Event().wait()
        done.append(order_id)

    assert await engine_of(execute).run(IDS[:3], limit_seconds=0.05) == []
    assert done == IDS[1:3]


async def test_orders_that_want_another_attempt_are_told(engine_of: Callable[[Execute], Engine]) -> None:
    async def execute(order_id: OrderId, _desk: object) -> Again | None:
        return Again(order_id, 1, 1) if order_id == IDS[1] else None

    assert await engine_of(execute).run(IDS[:3], limit_seconds=5) == [Again(IDS[1], 1, 1)]


async def test_one_order_that_breaks_does_not_break_the_others(engine_of: Callable[[Execute], Engine]) -> None:
    async def execute(order_id: OrderId, _desk: object) -> Again | None:
        if order_id == IDS[0]:
            raise Fenced(order_id)
        return Again(order_id, 2, 2)

    assert await engine_of(execute).run(IDS[:2], limit_seconds=5) == [Again(IDS[1], 2, 2)]


async def test_what_goes_wrong_with_a_single_order_is_rqs_to_retry(engine_of: Callable[[Execute], Engine]) -> None:
    async def execute(order_id: OrderId, _desk: object) -> None:
        raise Fenced(order_id)

    with pytest.raises(Fenced):
        await engine_of(execute).run(IDS[:1], limit_seconds=5)


async def test_what_is_not_finished_in_time_is_cancelled_at_the_end(engine_of: Callable[[Execute], Engine]) -> None:
    cancelled = asyncio.Event()
    begun = asyncio.Event()

    async def execute(_id: OrderId, _desk: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    engine = engine_of(execute)
    run = asyncio.create_task(engine.run(IDS[:2], limit_seconds=60))
    await begun.wait()
    await engine.finish(0.01)
    assert cancelled.is_set()
    assert await run == []
