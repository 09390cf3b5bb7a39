"""What is asked for at the same moment is done together, and every caller gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from fillwire_orders.batch import Batch


class Refused(Exception):
    pass


class Down(Exception):
    pass


async def test_calls_of_one_moment_share_a_batch() -> None:
    batches: list[list[int]] = []

    async def double(items: Sequence[int]) -> Sequence[int]:
        batches.append(list(items))
        return [2 * item for item in items]

    batch = Batch(double)
    assert await asyncio.gather(*(batch(n) for n in range(5))) == [0, 2, 4, 6, 8]
    assert batches == [[0, 1, 2, 3, 4]]


async def test_what_comes_in_meanwhile_makes_up_the_next_batch() -> None:
    batches: list[list[int]] = []
    gate = asyncio.Event()

    async def wait(items: Sequence[int]) -> Sequence[int]:
        batches.append(list(items))
        await gate.wait()
        return list(items)

    batch = Batch(wait, lanes=1)
    first = asyncio.create_task(batch(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(batch(n)) for n in (2, 3)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(first, *rest) == [1, 2, 3]
    assert batches == [[1], [2, 3]]


async def test_a_batch_is_never_larger_than_its_limit() -> None:
    sizes: list[int] = []

    async def count(items: Sequence[int]) -> Sequence[int]:
        sizes.append(len(items))
        return list(items)

    await asyncio.gather(*(Batch(count, limit=4)(n) for n in range(0)))
    batch = Batch(count, limit=4, lanes=1)
    await asyncio.gather(*(batch(n) for n in range(10)))
    assert sizes == [4, 4, 2]


async def test_an_item_that_breaks_its_batch_fails_alone() -> None:
    async def no_threes(items: Sequence[int]) -> Sequence[int]:
        if 3 in items:
            raise Refused
        return list(items)

    batch = Batch(no_threes)
    results = await asyncio.gather(*(batch(n) for n in (1, 2, 3, 4)), return_exceptions=True)
    assert [results[0], results[1], results[3]] == [1, 2, 4]
    assert isinstance(results[2], Refused)


async def test_an_outage_goes_to_everyone_at_once() -> None:
    calls = 0

    async def down(items: Sequence[int]) -> Sequence[int]:
        nonlocal calls
        calls += 1
        raise Down

    batch = Batch(down, shared=(Down,))
    results = await asyncio.gather(*(batch(n) for n in range(50)), return_exceptions=True)
    assert all(isinstance(result, Down) for result in results)
    assert calls == 1


async def test_a_result_that_is_an_exception_is_raised_to_its_caller_alone() -> None:
    async def odd(items: Sequence[int]) -> Sequence[int | Exception]:
        return [item if item % 2 else Refused() for item in items]

    batch: Batch[int, int] = Batch(odd)
    results = await asyncio.gather(*(batch(n) for n in (1, 2)), return_exceptions=True)
    assert results[0] == 1
    assert isinstance(results[1], Refused)


async def test_a_caller_that_leaves_does_not_disturb_the_others() -> None:
    gate = asyncio.Event()

    async def wait(items: Sequence[int]) -> Sequence[int]:
        await gate.wait()
        return list(items)

    batch = Batch(wait)
    leaves, stays = asyncio.create_task(batch(1)), asyncio.create_task(batch(2))
    await asyncio.sleep(0)
    leaves.cancel()
    gate.set()
    assert await stays == 2
    with pytest.raises(asyncio.CancelledError):
        await leaves


async def test_who_asks_again_as_soon_as_he_is_answered_is_answered_again() -> None:
    async def run(items: Sequence[int]) -> Sequence[int]:
        return items

    batch: Batch[int, int] = Batch(run, lanes=1)
    async with asyncio.timeout(1):
        assert [await batch(item) for item in range(3)] == [0, 1, 2]
