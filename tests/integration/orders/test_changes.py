"""What an owner can do to orders that are there, on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    AccountId,
    Changed,
    Changes,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    Limit,
    NotNow,
    NotResting,
    Order,
    OrderNotFound,
    OrderType,
    Pool,
    Reader,
    RequestIdReused,
    Result,
    Status,
    Step,
    Terms,
    TimeInForce,
    Wait,
    Withdrawn,
)
from fillwire_orders.event import Built, Fired, Replaced, Retrying
from fillwire_orders.publisher import Publisher
from tests.builders import ROUTE, claimed, request_id, sent, submitted, terms

AT = datetime(2026, 3, 4, tzinfo=UTC)
FAILURE = Failure(FailureReason.SLIPPAGE_EXCEEDED, "gone")
LIMIT = {
    "type": OrderType.LIMIT,
    "condition": Limit(Decimal(150), 225_000_000),
    "time_in_force": TimeInForce.GTC,
}


@pytest.fixture
async def changes(pool: Pool, redis_url: str) -> AsyncIterator[Changes]:
    publisher = Publisher(redis_url)
    yield Changes(pool, Reader(pool), publisher)
    await publisher.close()


async def resting(journal: Journal) -> Order:
    return await submitted(journal, **LIMIT)


async def fire(pool: Pool, order: Order) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.orders SET fired_at = clock_timestamp(), fired = %s WHERE id = %s",
            ['{"kind": "fired", "condition": "LIMIT", "at": "2026-03-04T00:00:00Z"}', order.id],
        )


async def log_of(pool: Pool, order_id: str) -> list[Status]:
    return [event.status for event in await Reader(pool).events(order_id, 0)]  # type: ignore[arg-type]


async def test_an_order_that_waits_rests_from_its_second_event_on(journal: Journal, pool: Pool) -> None:
    order = await resting(journal)
    stored, log = await Reader(pool).story(DEFAULT_ACCOUNT, order.id)
    assert (order.status, order.last_seq) == (Status.RESTING, 2)
    assert (stored.status, stored.last_seq, stored.hash, stored.terms) == (order.status, 2, order.hash, order.terms)
    assert [event.status for event in log] == [Status.PENDING, Status.RESTING]
    assert await journal.claim(order.id, "w1") == NotNow()


async def test_an_order_that_fired_is_claimed_with_what_fired_it(journal: Journal, pool: Pool) -> None:
    order = await resting(journal)
    await fire(pool, order)
    answer = await journal.claim(order.id, "w1")
    assert isinstance(answer, Claimed)
    assert answer.began is not None
    assert answer.began.detail == answer.fired == Fired("LIMIT", AT)
    assert (answer.limit, answer.rests_again) == (LIMIT["condition"], True)


async def test_an_attempt_that_finds_the_price_gone_rests_again_and_forgets_its_bounds(
    journal: Journal, pool: Pool
) -> None:
    order = await resting(journal)
    await fire(pool, order)
    answer = await journal.claim(order.id, "w1")
    assert isinstance(answer, Claimed)
    built = Step(status=Status.BUILDING, detail=Built(ROUTE, 225_000_000), floor_amount_out=225_000_000)
    await journal.record(answer.claim, built)
    await journal.record(answer.claim, Step(status=Status.RESTING))
    assert await journal.claim(order.id, "w1") == NotNow()
    assert await journal.due() == []
    await fire(pool, order)
    again = await journal.claim(order.id, "w2")
    assert isinstance(again, Claimed)
    assert (again.claim.attempt, again.claim.retry, again.floor_amount_out) == (2, 1, None)


async def test_a_resting_order_is_withdrawn_at_once(journal: Journal, changes: Changes, pool: Pool) -> None:
    order = await resting(journal)
    cancelled, result = await changes.cancel(DEFAULT_ACCOUNT, order.id)
    assert (cancelled.status, result) == (Status.CANCELLED, Result.CANCELLED)
    assert cancelled.failure == Failure(FailureReason.WITHDRAWN, "withdrawn by its owner")
    assert await changes.cancel(DEFAULT_ACCOUNT, order.id) == (cancelled, Result.CANCELLED)
    await asyncio.gather(*(changes.cancel(DEFAULT_ACCOUNT, order.id) for _ in range(5)))
    assert await log_of(pool, order.id) == [Status.PENDING, Status.RESTING, Status.CANCELLED]


async def test_what_nobody_holds_is_withdrawn_at_once_and_never_claimed(journal: Journal, changes: Changes) -> None:
    pending = await submitted(journal)
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.RETRYING, detail=Retrying(1, 3, 60, FAILURE), delay=60))
    for order_id in (pending.id, claim.order_id):
        _, result = await changes.cancel(DEFAULT_ACCOUNT, order_id)
        assert result is Result.CANCELLED
        assert await journal.claim(order_id, "w2") == NotNow()
    assert await journal.due() == []


async def test_an_order_in_a_workers_hands_goes_no_further(journal: Journal, changes: Changes) -> None:
    claim = (await claimed(journal)).claim
    order, result = await changes.cancel(DEFAULT_ACCOUNT, claim.order_id)
    assert (order.status, order.cancel_requested, result) == (Status.ROUTING, True, Result.PENDING)
    for status in (Status.BUILDING, Status.RETRYING, Status.RESTING):
        with pytest.raises(Withdrawn):
            await journal.record(claim, Step(status=status))
    await journal.record(claim, Step(status=Status.CANCELLED, detail=FAILURE))
    assert (await changes.cancel(DEFAULT_ACCOUNT, claim.order_id))[1] is Result.CANCELLED


async def test_what_may_be_on_its_way_is_not_given_up_and_not_tried_again(journal: Journal, changes: Changes) -> None:
    landed, refused = await sent(journal), await sent(journal)
    for claim in (landed, refused):
        assert (await changes.cancel(DEFAULT_ACCOUNT, claim.order_id))[1] is Result.PENDING
    await journal.record(landed, Step(status=Status.CONFIRMED))
    assert (await changes.cancel(DEFAULT_ACCOUNT, landed.order_id))[1] is Result.TOO_LATE
    with pytest.raises(Withdrawn):
        await journal.record(refused, Step(status=Status.RETRYING, delay=1))
    await journal.record(refused, Step(status=Status.CANCELLED, detail=FAILURE))


async def test_an_order_of_another_account_is_as_if_it_were_not_there(journal: Journal, changes: Changes) -> None:
    order, other = await resting(journal), AccountId("other")
    with pytest.raises(OrderNotFound):
        await changes.cancel(other, order.id)
    with pytest.raises(OrderNotFound):
        await changes.replace(other, order.id, request_id(), order.terms)
    assert (await changes.cancel_all(other)).cancelled == 0
    assert (await changes.cancel(DEFAULT_ACCOUNT, order.id))[1] is Result.CANCELLED


async def test_all_that_fits_is_withdrawn(journal: Journal, changes: Changes) -> None:
    sol, jup = await resting(journal), await submitted(journal, token_in="JUP")
    held = await claimed(journal)
    assert (await changes.cancel_all(DEFAULT_ACCOUNT, token_in="BONK")).cancelled == 0
    done = await changes.cancel_all(DEFAULT_ACCOUNT, types=[OrderType.LIMIT])
    assert (done.cancelled, done.pending) == (1, 0)
    done = await changes.cancel_all(DEFAULT_ACCOUNT, reason=FailureReason.SWITCHED_OFF)
    assert (done.cancelled, done.pending) == (1, 1)
    reader = Reader(changes._pool)
    ends = [(await reader.order(DEFAULT_ACCOUNT, one.id)).failure for one in (sol, jup)]
    assert [end and end.reason for end in ends] == [FailureReason.WITHDRAWN, FailureReason.SWITCHED_OFF]
    assert (await reader.order(DEFAULT_ACCOUNT, held.claim.order_id)).cancel_requested


async def test_a_parent_waits_for_its_open_child(journal: Journal, changes: Changes, pool: Pool) -> None:
    parent, held, free = await resting(journal), (await claimed(journal)).claim, await submitted(journal)
    async with pool.connection() as connection:
        await connection.execute(
            """UPDATE fillwire.orders SET type = 'TWAP', condition = '{"type": "TWAP"}' WHERE id = %s""", [parent.id]
        )
        await connection.execute(
            "UPDATE fillwire.orders SET parent_id = %s WHERE id = ANY (%s)", [parent.id, [held.order_id, free.id]]
        )
    done = await changes._withdraw(DEFAULT_ACCOUNT, [parent.id], FailureReason.WITHDRAWN)
    assert done == {free.id}
    await journal.record(held, Step(status=Status.CANCELLED, detail=FAILURE))
    done = await changes._withdraw(DEFAULT_ACCOUNT, [parent.id], FailureReason.WITHDRAWN)
    assert done == {parent.id}


async def test_the_switch_is_set_and_taken_off(changes: Changes) -> None:
    before = datetime.now(UTC)
    cancel_at = await changes.cancel_after(DEFAULT_ACCOUNT, 60)
    assert cancel_at is not None
    assert timedelta(seconds=55) < cancel_at - before < timedelta(seconds=65)
    assert await changes.cancel_after(DEFAULT_ACCOUNT, None) is None


NEW = terms(**(LIMIT | {"amount_in": 7, "condition": Limit(Decimal(160), 2)}))


async def test_a_resting_order_gets_new_terms_in_place(journal: Journal, changes: Changes, pool: Pool) -> None:
    order, change = await resting(journal), request_id()
    replaced = await changes.replace(DEFAULT_ACCOUNT, order.id, change, NEW, if_last_seq=2)
    assert (replaced.order.terms, replaced.order.last_seq, replaced.deduplicated) == (NEW, 3, False)
    _, log = await Reader(pool).story(DEFAULT_ACCOUNT, order.id)
    assert isinstance(log[-1].detail, Replaced)
    assert log[-1].detail.request_id == change


async def test_a_change_is_made_once_per_request_id(journal: Journal, changes: Changes) -> None:
    order, change = await resting(journal), request_id()
    answers = await asyncio.gather(
        *(changes.replace(DEFAULT_ACCOUNT, order.id, change, NEW, if_last_seq=2) for _ in range(8))
    )
    assert {answer.order.last_seq for answer in answers} == {3}
    assert sum(not answer.deduplicated for answer in answers) == 1
    with pytest.raises(RequestIdReused, match="amount_in"):
        await changes.replace(DEFAULT_ACCOUNT, order.id, change, _amount(8))


async def test_the_first_request_still_answers_with_the_order_after_a_change(
    journal: Journal, changes: Changes
) -> None:
    order = await resting(journal)
    await changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), NEW)
    again = await journal.submit(DEFAULT_ACCOUNT, order.request_id, order.terms)
    assert (again.order.id, again.order.terms, again.deduplicated) == (order.id, NEW, True)
    with pytest.raises(RequestIdReused):
        await journal.submit(DEFAULT_ACCOUNT, order.request_id, NEW)


async def test_an_order_that_has_changed_or_rests_no_more_is_left_alone(
    journal: Journal, changes: Changes, pool: Pool
) -> None:
    order = await resting(journal)
    with pytest.raises(Changed):
        await changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), NEW, if_last_seq=1)
    await fire(pool, order)
    with pytest.raises(NotResting):
        await changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), NEW)
    await journal.claim(order.id, "w1")
    with pytest.raises(NotResting):
        await changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), NEW)
    assert await log_of(pool, order.id) == [Status.PENDING, Status.RESTING, Status.ROUTING]


async def test_two_changes_at_once_are_made_one_after_the_other(journal: Journal, changes: Changes) -> None:
    order = await resting(journal)
    many = [changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), _amount(amount)) for amount in (5, 6, 7)]
    answers = await asyncio.gather(*many)
    assert not any(answer.deduplicated for answer in answers)
    assert max(answer.order.last_seq for answer in answers) == 5


def _amount(amount_in: int) -> Terms:
    return terms(**(LIMIT | {"amount_in": amount_in}))


async def test_a_retry_counts_from_the_last_rest(journal: Journal, pool: Pool) -> None:
    order = await resting(journal)
    await fire(pool, order)
    answer = await journal.claim(order.id, "w1")
    assert isinstance(answer, Claimed)
    await journal.record(answer.claim, Step(status=Status.RESTING))
    await fire(pool, order)
    answer = await journal.claim(order.id, "w1")
    assert isinstance(answer, Claimed)
    await journal.record(answer.claim, Step(status=Status.RETRYING, delay=60))
    assert isinstance(await journal.claim(order.id, "w1"), Wait)
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET due_at = clock_timestamp() - interval '1 minute'")
    [dispatch] = await journal.due()
    assert (dispatch.order_id, dispatch.attempt) == (order.id, 1)


async def test_time_alone_matters_to_a_resting_order_when_it_says_so(
    journal: Journal, changes: Changes, pool: Pool
) -> None:
    order = await resting(journal)
    assert await _due(pool, order) == "infinity"
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    ends = terms(**(LIMIT | {"time_in_force": TimeInForce.GTD, "good_till_time": soon}))
    await changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), ends)
    assert await _due(pool, order) == soon.isoformat()
    await changes.replace(DEFAULT_ACCOUNT, order.id, request_id(), NEW)
    assert await _due(pool, order) == "infinity"


async def _due(pool: Pool, order: Order) -> str:
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT to_json(due_at) #>> '{}' FROM fillwire.orders WHERE id = %s", [order.id]
        )
        row = await cursor.fetchone()
    assert row is not None
    return str(row[0])
