"""What time alone does to orders."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from fillwire_orders import Claimed, Journal, Order, OrderType, Pool, Reader, Status, Step, TimeInForce
from fillwire_orders.conditions import Scheduled, Stop
from fillwire_orders.event import Failure, FailureReason, Fired, Retrying
from fillwire_orders.resting import Met, RestingOrders
from fillwire_orders.timed import Timetable
from tests.builders import request_id, submitted, terms

STOP: dict[str, Any] = {
    "type": OrderType.STOP, "condition": Stop(Decimal(150)), "time_in_force": TimeInForce.GTC,
}  # fmt: skip


@pytest.fixture
def timetable(pool: Pool) -> Timetable:
    return Timetable(pool)


@pytest.fixture
async def past(journal: Journal) -> Any:
    """A moment that has passed, by the database's clock."""
    return (await submitted(journal)).created_at


async def run(pool: Pool, statement: bytes, *given: Any) -> Any:
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, given)
        return await cursor.fetchall() if cursor.description else None


async def due_now(pool: Pool, order: Order) -> None:
    """As if the time in which a worker should have come were over."""
    await run(pool, b"UPDATE fillwire.orders SET due_at = clock_timestamp() WHERE id = %s", order.id)


def why(log: Any) -> FailureReason:
    assert isinstance(log[-1].detail, Failure)
    return log[-1].detail.reason


MIDS = {("SOL", "USDC"): Decimal("160.5"), ("USDC", "SOL"): Decimal("0.00623")}


async def test_a_scheduled_order_fires_at_its_time_and_not_before(
    journal: Journal, reader: Reader, timetable: Timetable, past: Any
) -> None:
    async def scheduled(at: Any, **changes: Any) -> Order:
        return await submitted(
            journal, type=OrderType.SCHEDULED, condition=Scheduled(at), time_in_force=TimeInForce.GTC, **changes
        )

    due = await scheduled(past)
    await scheduled(past + timedelta(hours=1))
    late = await scheduled(past, deadline=past)
    both = await asyncio.gather(timetable.fire_scheduled(MIDS), timetable.fire_scheduled(MIDS))
    assert [one.order_id for answer in both for one in answer] == [due.id]
    claimed = await journal.claim(due.id, "w1")
    assert isinstance(claimed, Claimed)
    _, log = await reader.story(due.account_id, due.id)
    assert isinstance(log[-1].detail, Fired)
    assert (log[-1].detail.condition, log[-1].detail.price) == ("SCHEDULED", "")
    assert log[-1].detail.mid_price == "160.5"
    assert [event.order_id for event in await timetable.expire()] == [late.id]


async def test_an_order_that_rests_expires_for_the_time_that_passed_first(
    journal: Journal, reader: Reader, timetable: Timetable, past: Any
) -> None:
    soon = past - timedelta(seconds=1)
    by_deadline = await submitted(journal, **STOP, deadline=soon, good_till_time=past)
    by_good_till = await submitted(
        journal, **{**STOP, "time_in_force": TimeInForce.GTD}, deadline=past, good_till_time=soon
    )
    open_ = await submitted(journal, **STOP, deadline=past + timedelta(hours=1))
    events = {event.order_id: event for event in await timetable.expire()}
    assert events.keys() == {by_deadline.id, by_good_till.id}
    for order, reason in (
        (by_deadline, FailureReason.DEADLINE_EXCEEDED),
        (by_good_till, FailureReason.GOOD_TILL_TIME_PASSED),
    ):
        now, log = await reader.story(order.account_id, order.id)
        assert (now.status, why(log)) == (Status.EXPIRED, reason)
        assert log[-1] == events[order.id]
    assert (await reader.order(open_.account_id, open_.id)).status is Status.RESTING


async def test_two_processes_expire_each_order_once(journal: Journal, timetable: Timetable, past: Any) -> None:
    orders = [await submitted(journal, **STOP, deadline=past) for _ in range(20)]
    answers = await asyncio.gather(*(timetable.expire(limit=10) for _ in range(4)))
    answers += [await timetable.expire()]
    assert sorted(event.order_id for answer in answers for event in answer) == [order.id for order in orders]


async def test_a_fired_order_that_nobody_took_in_time_expires(
    pool: Pool, journal: Journal, reader: Reader, timetable: Timetable
) -> None:
    order = await submitted(journal, **STOP)
    await RestingOrders(pool).fire([Met(order_id=order.id, seq=2, condition="STOP")])
    await run(
        pool,
        b"UPDATE fillwire.orders SET deadline = clock_timestamp(), due_at = clock_timestamp() WHERE id = %s",
        order.id,
    )
    assert [event.order_id for event in await timetable.expire()] == [order.id]


async def test_orders_that_wait_for_a_worker_expire_and_those_in_its_hands_do_not(
    pool: Pool, journal: Journal, timetable: Timetable, past: Any
) -> None:
    pending = await submitted(journal, deadline=past)
    retrying = await submitted(journal, deadline=past)
    held = await submitted(journal, deadline=past)
    for order in (retrying, held):
        claimed = await journal.claim(order.id, "w1")
        assert isinstance(claimed, Claimed)
        if order is retrying:
            cause = Failure(FailureReason.NO_ROUTE, "none")
            detail = Retrying(1, 3, 60.0, cause)
            await journal.record(claimed.claim, Step(status=Status.RETRYING, detail=detail, delay=60.0))
        await due_now(pool, order)
    await due_now(pool, pending)
    assert {event.order_id for event in await timetable.expire()} == {pending.id, retrying.id}


async def test_a_switch_goes_off_once_its_time_has_come_unless_it_is_set_again(
    pool: Pool, timetable: Timetable
) -> None:
    set_to = b"UPDATE fillwire.accounts SET cancel_at = clock_timestamp() + %s * interval '1 second'"
    await run(pool, set_to, 60)
    assert list(await timetable.switches()) == []
    await run(pool, set_to, 0)
    [switch] = await timetable.switches()
    await run(pool, set_to, 60)
    await timetable.clear(switch)
    assert await run(pool, b"SELECT count(cancel_at) FROM fillwire.accounts") == [(1,)]
    await run(pool, set_to, 0)
    [switch] = await timetable.switches()
    await timetable.clear(switch)
    assert list(await timetable.switches()) == []


async def test_a_request_id_still_answers_after_its_order_expired(
    journal: Journal, timetable: Timetable, past: Any
) -> None:
    asked, wanted = request_id(), terms(**STOP, deadline=past)
    order = (await journal.submit("default", asked, wanted)).order  # type: ignore[arg-type]
    await timetable.expire()
    assert (await journal.submit(order.account_id, asked, wanted)).order.status is Status.EXPIRED
