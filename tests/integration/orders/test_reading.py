"""Orders are read as they were written, in every type and after changes."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    AccountId,
    Claimed,
    Failure,
    FailureReason,
    Filter,
    Journal,
    OrderNotFound,
    OrderType,
    Pool,
    Reader,
    Status,
    Step,
    TimeInForce,
    Transaction,
)
from fillwire_orders.conditions import (
    Condition,
    Limit,
    Oco,
    Scheduled,
    Sniper,
    Stop,
    TakeProfit,
    TrailingStop,
    Trigger,
    Twap,
)
from fillwire_orders.event import Built, Retrying, Submitted
from tests.builders import ROUTE, claimed, request_id, sent, submitted, terms

CONDITIONS: dict[OrderType, Condition] = {
    OrderType.LIMIT: Limit(Decimal("150.000000000001"), 2**64 - 1),
    OrderType.STOP: Stop(Decimal("0.000000000000000001")),
    OrderType.TAKE_PROFIT: TakeProfit(Decimal("1E+18")),
    OrderType.TRAILING_STOP: TrailingStop(250, Decimal("151.5")),
    OrderType.SCHEDULED: Scheduled(datetime(2027, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
    OrderType.TWAP: Twap(10, 30.5),
    OrderType.SNIPER: Sniper(Trigger.POOL_CREATED, 10**18),
    OrderType.OCO: Oco(Limit(Decimal(160), 5), Stop(Decimal(140))),
}


async def changed(pool: Pool, order_id: str, assignments: str, *values: Any) -> None:
    """Writes the row past the journal."""
    async with pool.connection() as connection:
        await connection.execute(f"UPDATE fillwire.orders SET {assignments} WHERE id = %s", [*values, order_id])


@pytest.mark.parametrize("kind", CONDITIONS)
async def test_the_terms_of_every_type_come_back_as_they_were_submitted(
    journal: Journal, reader: Reader, kind: OrderType
) -> None:
    wanted = terms(type=kind, condition=CONDITIONS[kind], time_in_force=TimeInForce.GTC)
    key = request_id()
    stored = (await journal.submit(DEFAULT_ACCOUNT, key, wanted)).order
    read, asked = await reader.order_by_request(DEFAULT_ACCOUNT, key)
    assert (read.id, read.terms, asked) == (stored.id, wanted, wanted)
    assert wanted.differing(asked) == []


async def test_a_replaced_order_is_told_from_a_repetition_by_what_was_submitted(
    journal: Journal, reader: Reader, pool: Pool
) -> None:
    wanted = terms(
        amount_in=None,
        amount_out=2**64 - 1,
        max_amount_in=2**64 - 2,
        quoted_amount=7,
        deadline=datetime(2027, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        good_till_time=datetime(2027, 1, 2, tzinfo=UTC),
        time_in_force=TimeInForce.GTD,
        type=OrderType.OCO,
        condition=CONDITIONS[OrderType.OCO],
        client_order_id="mine \u00e9",
    )
    key = request_id()
    order = (await journal.submit(DEFAULT_ACCOUNT, key, wanted)).order
    await changed(pool, order.id, "submitted = fillwire.terms_of(orders), slippage_bps = 7, client_order_id = 'new'")
    read, asked = await reader.order_by_request(DEFAULT_ACCOUNT, key)
    assert asked == wanted
    assert wanted.differing(read.terms) == ["slippage_bps", "client_order_id"]


async def test_an_order_tells_all_that_its_row_knows(journal: Journal, reader: Reader, pool: Pool) -> None:
    order = await submitted(journal)
    parent = await submitted(journal)
    await changed(
        pool,
        order.id,
        "ceiling_amount_in = 5, filled_amount_in = 3, filled_amount_out = 4, arrival_mid_price = 160.5,"
        " cancel_requested_at = clock_timestamp(), parent_id = %s",
        parent.id,
    )
    read = await reader.order(DEFAULT_ACCOUNT, order.id)
    assert (read.ceiling_amount_in, read.filled_amount_in, read.filled_amount_out) == (5, 3, 4)
    assert (read.arrival_mid_price, read.cancel_requested, read.parent_id) == (Decimal("160.5"), True, parent.id)


async def test_an_order_and_its_events_carry_the_hash_of_the_log(journal: Journal, reader: Reader, pool: Pool) -> None:
    order = await submitted(journal)
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT hash FROM fillwire.order_events WHERE order_id = %s", [order.id])
        [(stored,)] = await cursor.fetchall()
    assert len(stored) == hashlib.sha256().digest_size
    read, log = await reader.story(DEFAULT_ACCOUNT, order.id)
    assert (read.hash, [event.hash for event in log]) == (stored, [stored])
    assert [event.hash for event in await reader.events(order.id, 0)] == [stored]


async def test_the_newest_order_with_a_reference_is_found_among_the_accounts_own(
    journal: Journal, reader: Reader
) -> None:
    await submitted(journal, client_order_id="mine")
    newest = await submitted(journal, client_order_id="mine")
    assert (await reader.order_by_reference(DEFAULT_ACCOUNT, "mine")).id == newest.id
    with pytest.raises(OrderNotFound):
        await reader.order_by_reference(AccountId("stranger"), "mine")


async def test_open_orders_are_listed_by_any_of_their_statuses(journal: Journal, reader: Reader) -> None:
    pending = await submitted(journal)
    resting = await submitted(journal, type=OrderType.STOP, condition=Stop(Decimal(1)), time_in_force=TimeInForce.GTC)
    both = Filter(statuses=(Status.PENDING, Status.RESTING))
    also_ended = msgspec.structs.replace(both, statuses=(*both.statuses, Status.FAILED))
    for wanted in (both, also_ended):
        page = await reader.page(DEFAULT_ACCOUNT, wanted, limit=10, after=None)
        assert [order.id for order in page] == [resting.id, pending.id]


async def test_a_listed_order_has_the_route_of_its_last_attempt_that_chose_one(
    journal: Journal, reader: Reader
) -> None:
    claim = await sent(journal)
    moved = Failure(FailureReason.SLIPPAGE_EXCEEDED, "the price moved")
    await journal.record(claim, Step(status=Status.RETRYING, detail=Retrying(1, 3, 0.0, moved), delay=0.0))
    again = await journal.claim(claim.order_id, "w1")
    assert isinstance(again, Claimed)
    await journal.record(again.claim, Step(status=Status.FAILED, detail=moved))
    story, log = await reader.story(DEFAULT_ACCOUNT, claim.order_id)
    assert (story.route, story.failure, story.hash) == (ROUTE, moved, log[-1].hash)
    assert await reader.order(DEFAULT_ACCOUNT, claim.order_id) == story
    assert await reader.page(DEFAULT_ACCOUNT, Filter(), limit=2, after=None) == [story]


async def test_a_route_of_a_worker_that_took_over_is_the_one_in_force(journal: Journal, reader: Reader) -> None:
    claim = (await claimed(journal)).claim
    await journal.record(claim, Step(status=Status.BUILDING, detail=Built(route=ROUTE, floor_amount_out=1)))
    in_force = msgspec.structs.replace(ROUTE, amount_out=7)
    transaction = Transaction("5ign", 99, b"payload")
    await journal.record(
        claim, Step(status=Status.SUBMITTED, detail=Submitted("5ign", 99, in_force), transaction=transaction)
    )
    assert (await reader.order(DEFAULT_ACCOUNT, claim.order_id)).route == in_force
