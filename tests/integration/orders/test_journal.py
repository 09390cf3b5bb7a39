"""The journal keeps its promises, on a real PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    AccountId,
    Claimed,
    Failure,
    FailureReason,
    Fenced,
    Filter,
    Journal,
    NotNow,
    OrderId,
    OrderNotFound,
    Pool,
    Position,
    Reader,
    RequestIdReused,
    Status,
    Step,
    StoreUnavailable,
    Wait,
)
from tests.builders import claimed, request_id, sent, submitted, terms

FAILURE = Failure(FailureReason.VENUE_REFUSED, "refused")


async def let_lease_run_out(pool: Pool, order_id: OrderId) -> None:
    """Moves the database's idea of the lease, for no test waits ten seconds."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.orders SET lease_until = clock_timestamp(), due_at = clock_timestamp() WHERE id = %s",
            [order_id],
        )


async def test_an_order_comes_back_as_it_was_submitted(journal: Journal, reader: Reader) -> None:
    wanted = terms(
        min_amount_out=1,
        max_price_impact_bps=100,
        deadline=datetime.now(UTC).replace(microsecond=123456) + timedelta(hours=1),
        client_order_id="mine \u00e9\u4e2d",
    )
    answer = await journal.submit(DEFAULT_ACCOUNT, request_id(), wanted)
    read = await reader.order(DEFAULT_ACCOUNT, answer.order.id)
    assert read == answer.order
    assert read.terms == wanted
    assert [event.status for event in await reader.events(read.id, 0)] == [Status.PENDING]


async def test_a_hundred_submits_with_one_request_id_store_one_order(journal: Journal, reader: Reader) -> None:
    key = request_id()
    answers = await asyncio.gather(*(journal.submit(DEFAULT_ACCOUNT, key, terms()) for _ in range(100)))
    assert len({answer.order.id for answer in answers}) == 1
    assert sum(not answer.deduplicated for answer in answers) == 1
    assert len(await reader.page(DEFAULT_ACCOUNT, Filter(), limit=10, after=None)) == 1


async def test_two_journals_with_one_request_id_store_one_order(journal: Journal, pool: Pool) -> None:
    key, other = request_id(), Journal(pool)
    answers = await asyncio.gather(
        *((journal if n % 2 else other).submit(DEFAULT_ACCOUNT, key, terms()) for n in range(40))
    )
    assert len({answer.order.id for answer in answers}) == 1


async def test_other_terms_under_the_same_request_id_are_refused_by_name(journal: Journal) -> None:
    key = request_id()
    first = await journal.submit(DEFAULT_ACCOUNT, key, terms())
    with pytest.raises(RequestIdReused) as refused:
        await journal.submit(DEFAULT_ACCOUNT, key, terms(amount_in=2, client_order_id="x"))
    assert refused.value.fields == ["amount_in", "client_order_id"]
    assert refused.value.order_id == first.order.id


async def test_a_repeated_submit_tells_where_the_order_is_now(journal: Journal) -> None:
    key = request_id()
    order = (await journal.submit(DEFAULT_ACCOUNT, key, terms())).order
    await journal.claim(order.id, "w1")
    again = await journal.submit(DEFAULT_ACCOUNT, key, terms())
    assert again.deduplicated
    assert again.order.status is Status.ROUTING


async def test_an_order_is_claimed_once(journal: Journal) -> None:
    order = await submitted(journal)
    answers = await asyncio.gather(*(journal.claim(order.id, f"w{n}") for n in range(20)))
    assert sum(isinstance(answer, Claimed) for answer in answers) == 1
    assert sum(isinstance(answer, NotNow) for answer in answers) == 19


async def test_an_order_nobody_knows_cannot_be_claimed(journal: Journal) -> None:
    assert await journal.claim(OrderId(request_id()), "w1") == NotNow()


async def test_a_claim_begins_the_first_attempt(journal: Journal, reader: Reader) -> None:
    order = await claimed(journal)
    assert order.claim.attempt == 1
    assert order.began is not None
    assert await reader.events(order.claim.order_id, 1) == [order.began]


async def test_a_taken_over_order_goes_on_where_it_stood(journal: Journal, pool: Pool) -> None:
    claim = await sent(journal, "dies")
    await let_lease_run_out(pool, claim.order_id)
    taken = await journal.claim(claim.order_id, "heir")
    assert isinstance(taken, Claimed)
    assert taken.claim.status is Status.SUBMITTED
    assert taken.claim.attempt == claim.attempt
    assert taken.began is None
    assert taken.sent is not None
    assert (taken.sent.signature, taken.sent.payload) == ("5ign", b"payload")


async def test_who_lost_an_order_cannot_write_it(journal: Journal, reader: Reader, pool: Pool) -> None:
    lost = await sent(journal, "sleeps")
    await let_lease_run_out(pool, lost.order_id)
    heir = await journal.claim(lost.order_id, "heir")
    with pytest.raises(Fenced):
        await journal.record(lost, Step(status=Status.FAILED, detail=FAILURE))
    assert isinstance(heir, Claimed)
    assert (await reader.order(DEFAULT_ACCOUNT, lost.order_id)).status is Status.SUBMITTED
    assert lost.order_id not in await journal.renew([lost])
    assert lost.order_id in await journal.renew([heir.claim])


async def test_a_lease_that_ran_out_unnoticed_still_lets_its_holder_write(journal: Journal, pool: Pool) -> None:
    claim = await sent(journal)
    await let_lease_run_out(pool, claim.order_id)
    event = await journal.record(claim, Step(status=Status.FAILED, detail=FAILURE))
    assert event.seq == 5


async def test_status_and_last_event_never_differ(journal: Journal, reader: Reader) -> None:
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.FAILED, detail=FAILURE))
    order = await reader.order(DEFAULT_ACCOUNT, claim.order_id)
    events = await reader.events(claim.order_id, 0)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert (order.status, order.last_seq, order.failure) == (events[-1].status, events[-1].seq, FAILURE)
    assert order.updated_at == events[-1].at


async def test_nothing_follows_the_end(journal: Journal) -> None:
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.FAILED, detail=FAILURE))
    assert await journal.claim(claim.order_id, "w2") == NotNow()
    with pytest.raises(AssertionError):
        await journal.record(claim, Step(status=Status.CONFIRMED))


async def test_the_database_itself_refuses_a_second_end(journal: Journal, pool: Pool) -> None:
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.FAILED, detail=FAILURE))
    forged = """
        INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence)
        VALUES (%s, 6, 'SUBMITTED', 'CONFIRMED', clock_timestamp(), 1, 1)
    """
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with pool.connection() as connection:
            await connection.execute(forged, [claim.order_id])


async def test_the_database_itself_refuses_a_step_that_is_not_in_the_table(journal: Journal, pool: Pool) -> None:
    claim = await sent(journal)
    forged = """
        INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence)
        VALUES (%s, 5, 'SUBMITTED', 'EXPIRED', clock_timestamp(), 1, 1)
    """
    with pytest.raises(psycopg.errors.CheckViolation):
        async with pool.connection() as connection:
            await connection.execute(forged, [claim.order_id])


async def test_a_retry_waits_for_its_time_and_forgets_the_dead_transaction(journal: Journal, pool: Pool) -> None:
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.RETRYING, detail=FAILURE, delay=60.0, venue_seconds=1.5))
    answer = await journal.claim(claim.order_id, "w2")
    assert isinstance(answer, Wait)
    assert 59 < answer.seconds <= 60
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET retry_at = clock_timestamp()")
    retried = await journal.claim(claim.order_id, "w2")
    assert isinstance(retried, Claimed)
    assert retried.claim.status is Status.ROUTING
    assert retried.claim.attempt == 2
    assert retried.sent is None
    assert retried.floor_amount_out == 1
    assert retried.venue_seconds == 1.5


async def test_steps_of_many_orders_share_a_transaction_and_stay_apart(journal: Journal, reader: Reader) -> None:
    orders = await asyncio.gather(*(claimed(journal) for _ in range(30)))
    step = Step(status=Status.FAILED, detail=FAILURE)
    orders[7].claim.fence -= 1
    results = await asyncio.gather(*(journal.record(one.claim, step) for one in orders), return_exceptions=True)
    assert [type(result) is Fenced for result in results] == [n == 7 for n in range(30)]
    assert (await reader.order(DEFAULT_ACCOUNT, orders[7].claim.order_id)).status is Status.ROUTING


async def test_what_nobody_takes_is_due_after_its_grace(journal: Journal, pool: Pool) -> None:
    order = await submitted(journal)
    assert await journal.due() == []
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET due_at = clock_timestamp()")
    (due,) = await journal.due()
    assert (due.order_id, due.dispatch, due.urgent) == (order.id, 2, False)
    assert await journal.due() == []


async def test_what_still_waits_in_the_queue_is_not_due(journal: Journal, pool: Pool) -> None:
    await submitted(journal)
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET due_at = clock_timestamp() - interval '3 s'")
    assert await journal.due(backlog_seconds=10.0) == []
    assert len(await journal.due(backlog_seconds=4.0)) == 1


async def test_an_order_whose_worker_is_gone_is_due_however_long_the_queue(journal: Journal, pool: Pool) -> None:
    claim = await sent(journal)
    assert await journal.due() == []
    await let_lease_run_out(pool, claim.order_id)
    (due,) = await journal.due(backlog_seconds=1000.0)
    assert due.urgent


async def test_an_order_that_is_handed_back_is_due_at_once(journal: Journal) -> None:
    claim = await sent(journal)
    await journal.hand_back([claim])
    (due,) = await journal.due()
    assert due.order_id == claim.order_id
    assert isinstance(await journal.claim(claim.order_id, "w2"), Claimed)


async def test_a_renewal_that_comes_after_the_hand_back_changes_nothing(journal: Journal) -> None:
    claim = await sent(journal)
    await journal.hand_back([claim])
    assert await journal.renew([claim]) == set()
    assert len(await journal.due()) == 1
    with pytest.raises(Fenced):
        await journal.record(claim, Step(status=Status.FAILED, detail=FAILURE))


async def test_two_sweepers_never_take_the_same_order(journal: Journal, pool: Pool) -> None:
    await asyncio.gather(*(submitted(journal) for _ in range(50)))
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET due_at = clock_timestamp()")
    swept = await asyncio.gather(*(Journal(pool).due(limit=20) for _ in range(4)))
    taken = [due.order_id for some in swept for due in some]
    assert len(taken) == len(set(taken))


async def test_pages_neither_skip_nor_repeat(journal: Journal, reader: Reader) -> None:
    stored = [await submitted(journal, client_order_id=str(n % 2)) for n in range(9)]
    seen: list[OrderId] = []
    after: Position | None = None
    while page := await reader.page(DEFAULT_ACCOUNT, Filter(), limit=4, after=after):
        seen += [order.id for order in page]
        after = Position(page[-1].created_at, page[-1].id)
        await submitted(journal)  # what comes later does not move the pages
    assert seen == [order.id for order in reversed(stored)]


async def test_every_filter_filters(journal: Journal, reader: Reader) -> None:
    first = await submitted(journal, client_order_id="a")
    second = await submitted(journal, token_in="USDC", token_out="SOL")
    await journal.claim(second.id, "w1")

    async def found(wanted: Filter) -> set[OrderId]:
        return {order.id for order in await reader.page(DEFAULT_ACCOUNT, wanted, limit=10, after=None)}

    assert await found(Filter()) == {first.id, second.id}
    assert await found(Filter(statuses=(Status.ROUTING,))) == {second.id}
    assert await found(Filter(token_in="SOL")) == {first.id}
    assert await found(Filter(token_out="SOL")) == {second.id}
    assert await found(Filter(client_order_id="a")) == {first.id}
    assert await found(Filter(created_from=second.created_at)) == {second.id}
    assert await found(Filter(created_before=second.created_at)) == {first.id}


async def test_another_accounts_order_is_as_absent_as_none(journal: Journal, reader: Reader) -> None:
    order = await submitted(journal)
    stranger = AccountId("stranger")
    with pytest.raises(OrderNotFound):
        await reader.order(stranger, order.id)
    with pytest.raises(OrderNotFound):
        await reader.order_by_request(stranger, order.request_id)
    assert await reader.page(stranger, Filter(), limit=10, after=None) == []


async def test_a_terminated_backend_is_an_outage_and_not_a_lost_order(journal: Journal, pool: Pool) -> None:
    await submitted(journal)
    async with pool.connection() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    key = request_id()
    for _ in range(8):
        try:
            answer = await journal.submit(DEFAULT_ACCOUNT, key, terms())
            break
        except StoreUnavailable:
            continue
    assert answer.order.request_id == key
