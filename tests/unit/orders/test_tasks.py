"""A task is ended although it does not hear that it is."""

import asyncio

import pytest

from fillwire_dex import tasks as of_swaps
from fillwire_orders import tasks as of_orders


@pytest.mark.parametrize("tasks", [of_orders, of_swaps])
async def test_who_misses_a_cancellation_is_told_again(tasks: object) -> None:
    heard = 0

    async def deaf() -> None:
        nonlocal heard
        while heard < 3:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                heard += 1

    async def broken() -> None:
        raise ValueError

    working = [asyncio.create_task(deaf()), asyncio.create_task(broken()), asyncio.create_task(asyncio.sleep(60))]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await tasks.ended(*working)  # type: ignore[attr-defined]
    assert heard == 3
    assert all(task.done() for task in working)


async def test_there_may_be_none_to_end() -> None:
    await of_orders.ended()
    await of_swaps.ended()
