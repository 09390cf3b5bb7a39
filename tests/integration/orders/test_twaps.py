"""TWAP orders make their children one after the other, each once, and end as their children did."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from fillwire_orders import (
    Claimed,
    Event,
    Filter,
    Journal,
    Order,
    OrderId,
    OrderType,
    Pool,
    Reader,
    Status,
    Step,
    TimeInForce,
    Transaction,
)
from fillwire_orders.changes import Changes, Result
from fillwire_orders.conditions import Twap
from fillwire_orders.event import Failure, FailureReason, Progress, Receipt
from fillwire_orders.publisher import Publisher
from fillwire_orders.resting import RestingOrders
from fillwire_orders.twaps import Ending, Slice, Twaps
from tests.builders import submitted

MID = Decimal("160.5")


@pytest.fixture
def twaps(pool: Pool) -> Twaps:
    return Twaps(pool)


async def twap(journal: Journal, slices: int = 3, interval: float = 0.0, **changes: Any) -> Order:
    """A TWAP order; the intervals take no time unless they are given."""
    given: dict[str, Any] = {"amount_in": 1_000_000_001, "min_amount_out": 100, **changes}
    return await submitted(
        journal, type=OrderType.TWAP, condition=Twap(slices, interval), time_in_force=TimeInForce.GTC, **given
    )


async def begun(twaps: Twaps) -> list[OrderId]:
    """The children that were due, made."""
    due = [(one, MID) for one in await twaps.due() if isinstance(one, Slice)]
    _, children = await twaps.begin(due)
    return [one.order_id for one in children]


async def finished(journal: Journal, child: OrderId, detail: Receipt | Failure) -> None:
    """A child a worker has brought to its end, one way or the other."""
    claimed = await journal.claim(child, "w1")
    assert isinstance(claimed, Claimed)
    if isinstance(detail, Failure):
        await journal.record(claimed.claim, Step(status=Status.FAILED, detail=detail))
        return
    for step in (
        Step(status=Status.BUILDING),
        Step(status=Status.SUBMITTED, transaction=Transaction("5ign", 9, b"x")),
        Step(status=Status.CONFIRMED, detail=detail),
    ):
        await journal.record(claimed.claim, step)


def receipt(amount_in: int, amount_out: int) -> Receipt:
    return Receipt(
        signature="5ign",
        slot=7,
        amount_in=amount_in,
        amount_out=amount_out,
        price="160",
        quoted_amount_out=amount_out + 1,
        slippage_bps=-1.0,
        legs=(),
        venue_seconds=0.25,
        quoted_amount_in=amount_in,
    )


FAILED = Failure(FailureReason.NO_ROUTE, "there was none")


async def noted(twaps: Twaps, pool: Pool) -> Sequence[Event]:
    """The ends of open children, as the process finds them."""
    open_ = [
        (one.id, one.slices_begun)
        async for page in RestingOrders(pool).pages()
        for one in page
        if one.slices_begun > one.slices_ended
    ]
    return await twaps.end_slices(open_)


async def ended(twaps: Twaps) -> Sequence[Event]:
    endings = [one for one in await twaps.due() if isinstance(one, Ending)]
    receipts = [
        receipt(one.sums.amount_in, one.sums.amount_out) if one.reason is None and one.sums.quoted_amount_out else None
        for one in endings
    ]
    return await twaps.end(list(zip(endings, receipts, strict=True)))


async def test_slices_add_up_to_the_whole_and_bounds_are_in_proportion(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool
) -> None:
    parent = await twap(journal)
    children = []
    for _ in range(3):
        [child] = await begun(twaps)
        assert await begun(twaps) == []  # none while another is open
        await finished(journal, child, receipt(1, 1))
        await noted(twaps, pool)
        children.append(await reader.order(parent.account_id, child))
    assert [child.terms.amount_in for child in children] == [333_333_333, 333_333_334, 333_333_334]
    assert [child.terms.min_amount_out for child in children] == [33, 33, 34]
    assert {child.parent_id for child in children} == {parent.id}
    assert {child.arrival_mid_price for child in children} == {MID}
    assert {child.terms.slippage_bps for child in children} == {50}
    assert await begun(twaps) == []


async def test_a_twap_order_tells_each_child_and_ends_with_the_sums_of_those_that_filled(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool
) -> None:
    parent = await twap(journal)
    ends: list[Receipt | Failure] = [receipt(100, 10), FAILED, receipt(200, 30)]
    for end in ends:
        [child] = await begun(twaps)
        await finished(journal, child, end)
        assert len(await noted(twaps, pool)) == 1
        assert len(await noted(twaps, pool)) == 0
    [ending] = await twaps.due()
    assert isinstance(ending, Ending)
    assert (ending.sums.amount_in, ending.sums.amount_out) == (300, 40)
    assert (ending.sums.quoted_amount_in, ending.sums.quoted_amount_out) == (300, 42)
    assert (ending.sums.venue_seconds, ending.sums.slot) == (0.5, 7)
    [last] = await ended(twaps)
    now, log = await reader.story(parent.account_id, parent.id)
    assert (now.status, now.filled_amount_in, now.filled_amount_out) == (Status.CONFIRMED, 300, 40)
    assert log[-1] == last
    told = [(one.slices_begun, one.slices_filled) for event in log if isinstance(one := event.detail, Progress)]
    assert told == [(1, 0), (1, 1), (2, 1), (2, 1), (3, 1), (3, 2)]
    assert [event.seq for event in log] == list(range(1, 10))


async def test_a_twap_order_of_which_nothing_filled_fails(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool
) -> None:
    parent = await twap(journal, 2)
    for _ in range(2):
        [child] = await begun(twaps)
        await finished(journal, child, FAILED)
        await noted(twaps, pool)
    await ended(twaps)
    now = await reader.order(parent.account_id, parent.id)
    assert now.status is Status.FAILED
    assert now.failure is not None
    assert now.failure.reason is FailureReason.NO_SLICE_FILLED


async def test_two_processes_make_each_child_once(journal: Journal, reader: Reader, twaps: Twaps, pool: Pool) -> None:
    parents = [await twap(journal) for _ in range(10)]
    children = [child for answer in await asyncio.gather(*(begun(twaps) for _ in range(4))) for child in answer]
    assert len(children) == len(set(children)) == 10
    for child in children:
        await finished(journal, child, FAILED)
    events = [event for answer in await asyncio.gather(*(noted(twaps, pool) for _ in range(4))) for event in answer]
    assert sorted(event.order_id for event in events) == [parent.id for parent in parents]
    page = await reader.page(parents[0].account_id, Filter(parent_id=parents[0].id), limit=10, after=None)
    assert len(page) == 1


async def test_the_next_child_comes_an_interval_after_the_last_one_began(
    journal: Journal, twaps: Twaps, pool: Pool
) -> None:
    await twap(journal, interval=3600.0)
    [child] = await begun(twaps)
    await finished(journal, child, FAILED)
    await noted(twaps, pool)
    assert list(await twaps.due()) == []
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET due_at = clock_timestamp() WHERE type = 'TWAP'")
    assert len(await begun(twaps)) == 1


async def test_a_twap_order_that_is_withdrawn_ends_when_its_child_has(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool
) -> None:
    parent = await twap(journal)
    [child] = await begun(twaps)
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.orders SET cancel_requested_at = clock_timestamp() WHERE id = %s", [parent.id]
        )
    assert await ended(twaps) == []
    await finished(journal, child, receipt(100, 10))
    await noted(twaps, pool)
    assert await begun(twaps) == []
    await ended(twaps)
    now = await reader.order(parent.account_id, parent.id)
    assert (now.status, now.filled_amount_in, now.filled_amount_out) == (Status.CANCELLED, 100, 10)
    assert now.failure is not None
    assert now.failure.reason is FailureReason.WITHDRAWN


async def test_a_twap_order_whose_time_is_over_expires(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool
) -> None:
    past = (await submitted(journal)).created_at
    parent = await twap(journal, good_till_time=past, deadline=past + timedelta(hours=1))
    assert await begun(twaps) == []
    await ended(twaps)
    now = await reader.order(parent.account_id, parent.id)
    assert now.status is Status.EXPIRED
    assert now.failure is not None
    assert now.failure.reason is FailureReason.GOOD_TILL_TIME_PASSED


async def test_an_amount_of_fewer_units_than_slices_has_as_many_children_as_units(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool
) -> None:
    parent = await twap(journal, 1000, amount_in=2, min_amount_out=0)
    for _ in range(2):
        [child] = await begun(twaps)
        assert (await reader.order(parent.account_id, child)).terms.amount_in == 1
        await finished(journal, child, FAILED)
        await noted(twaps, pool)
    [last] = await ended(twaps)
    assert last.status is Status.FAILED


async def test_what_a_child_has_just_swapped_is_counted_before_its_parent_is_withdrawn(
    journal: Journal, reader: Reader, twaps: Twaps, pool: Pool, redis_url: str
) -> None:
    parent = await twap(journal)
    [child] = await begun(twaps)
    await finished(journal, child, receipt(100, 10))
    publisher = Publisher(redis_url)
    _, result = await Changes(pool, reader, publisher).cancel(parent.account_id, parent.id)
    await publisher.close()
    assert result is Result.PENDING
    await noted(twaps, pool)
    await ended(twaps)
    now = await reader.order(parent.account_id, parent.id)
    assert (now.status, now.filled_amount_in, now.filled_amount_out) == (Status.CANCELLED, 100, 10)
