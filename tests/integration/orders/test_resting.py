"""Orders that rest are found, followed and fired, each once."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Claimed,
    Journal,
    Order,
    OrderType,
    Pool,
    Reader,
    Routing,
    Status,
    Step,
    TimeInForce,
)
from fillwire_orders.conditions import Condition, Limit, Oco, Scheduled, Stop, TakeProfit, TrailingStop, Twap
from fillwire_orders.event import Failure, FailureReason, Fired, Resting
from fillwire_orders.resting import Met, RestingOrder, RestingOrders
from tests.builders import request_id, submitted, terms

STOP = Stop(Decimal("150.25"))


@pytest.fixture
def resting(pool: Pool) -> RestingOrders:
    return RestingOrders(pool)


async def rested(journal: Journal, condition: Condition = STOP, **changes: Any) -> Order:
    """An order that rests."""
    type_ = OrderType(type(condition).__struct_config__.tag)  # type: ignore[arg-type]
    return await submitted(
        journal, **{"type": type_, "condition": condition, "time_in_force": TimeInForce.GTC, **changes}
    )


async def all_of(resting: RestingOrders) -> list[RestingOrder]:
    return [one async for page in resting.pages() for one in page]


def met(order: Order, condition: str = "STOP") -> Met:
    return Met(order_id=order.id, seq=order.last_seq, condition=condition, price="150.1")


async def test_pages_hold_all_that_rest_and_nothing_else(journal: Journal, resting: RestingOrders) -> None:
    limit = Limit(Decimal("170.5"), 255_750_000)
    orders = [
        await rested(journal),
        await rested(journal, limit, routing=Routing(max_legs=1), max_price_impact_bps=7),
        await rested(journal, Oco(limit, STOP), min_amount_out=256_000_000),
        await rested(journal, limit, amount_in=None, amount_out=5, max_amount_in=255_000_000),
    ]
    await submitted(journal)
    fired = await rested(journal)
    await resting.fire([met(fired)])
    found = await all_of(resting)
    assert [one.id for one in found] == [order.id for order in orders]
    assert [one.condition for one in found] == [order.terms.condition for order in orders]
    assert [one.bound for one in found] == [None, 255_750_000, 256_000_000, 255_000_000]
    assert [one.seq for one in found] == [2, 2, 2, 2]
    assert found[1].routing == Routing(max_legs=1)
    assert found[1].max_price_impact_bps == 7
    assert found[0].routing is found[2].routing


async def test_what_begins_and_ends_to_rest_is_told_once_it_is_committed(
    journal: Journal, resting: RestingOrders
) -> None:
    cursor = await resting.cursor()
    order = await rested(journal)
    news = await resting.since(cursor)
    assert [one.id for one in news.resting] == [order.id]
    await resting.fire([met(order)])
    assert isinstance(await journal.claim(order.id, "w1"), Claimed)
    news = await resting.since(news.cursor)
    assert (list(news.resting), list(news.gone)) == ([], [order.id])
    news = await resting.since(news.cursor)
    assert (list(news.resting), list(news.gone)) == ([], [])


async def test_an_order_that_is_committed_late_is_not_skipped(
    database_url: str, journal: Journal, resting: RestingOrders
) -> None:
    cursor = await resting.cursor()
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        late = await rested(journal)
        # The same order once more, by a transaction that began before all that follows and commits after it.
        await slow.execute(
            "INSERT INTO fillwire.orders (id, account_id, request_id, type, token_in, token_out, amount_in, slippage_bps,"
            " time_in_force, client_order_id, quote_id, routing, condition, status, last_seq, created_at, updated_at,"
            " armed_at, due_at) SELECT gen_random_uuid(), account_id, gen_random_uuid(), type, token_in, token_out,"
            " amount_in, slippage_bps, time_in_force, client_order_id, quote_id, routing, condition, status, last_seq,"
            " created_at, updated_at, armed_at, due_at FROM fillwire.orders WHERE id = %s",
            [late.id],
        )
        await slow.execute(
            "INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence)"
            " SELECT id, n, CASE n WHEN 1 THEN '' ELSE 'PENDING' END, CASE n WHEN 1 THEN 'PENDING' ELSE 'RESTING' END,"
            " created_at, 0, 0 FROM fillwire.orders, generate_series(1, 2) AS n WHERE id <> %s ORDER BY n",
            [late.id],
        )
        known = {late.id}
        for _ in range(3):
            order = await rested(journal)
            known.add(order.id)
            news = await resting.since(cursor)
            told = {one.id for one in news.resting}
            assert order.id in told <= known
            cursor = news.cursor
        await slow.commit()
    news = await resting.since(cursor)
    assert len({one.id for one in news.resting} - known) == 1
    assert len((await resting.since(news.cursor)).resting) == 0


async def test_an_order_fires_once_however_many_fire_it(journal: Journal, pool: Pool) -> None:
    orders = [await rested(journal) for _ in range(20)]
    answers = await asyncio.gather(*(RestingOrders(pool).fire([met(order) for order in orders]) for _ in range(4)))
    fired = [dispatch.order_id for answer in answers for dispatch in answer]
    assert sorted(fired) == [order.id for order in orders]


async def test_a_fired_order_begins_with_what_fired_it(
    journal: Journal, reader: Reader, resting: RestingOrders
) -> None:
    order = await rested(journal)
    [dispatch] = await resting.fire([met(order)])
    assert (dispatch.dispatch, dispatch.attempt) == (2, 0)
    claimed = await journal.claim(order.id, "w1")
    assert isinstance(claimed, Claimed)
    _, log = await reader.story(order.account_id, order.id)
    assert [event.status for event in log] == [Status.PENDING, Status.RESTING, Status.ROUTING]
    assert isinstance(log[-1].detail, Fired)
    assert (log[-1].detail.condition, log[-1].detail.price) == ("STOP", "150.1")
    assert log[-1].at - log[-1].detail.at < timedelta(seconds=5)


async def test_an_order_that_changed_since_is_not_fired(journal: Journal, resting: RestingOrders) -> None:
    order = await rested(journal)
    stale = Met(order_id=order.id, seq=order.last_seq - 1, condition="STOP")
    assert list(await resting.fire([stale])) == []
    assert [one.id for one in await resting.of([order.id])] == [order.id]


async def test_an_order_somebody_holds_is_left_for_later(
    database_url: str, journal: Journal, resting: RestingOrders
) -> None:
    order, free = await rested(journal), await rested(journal)
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT FROM fillwire.orders WHERE id = %s FOR UPDATE", [order.id])
        assert [one.order_id for one in await resting.fire([met(order), met(free)])] == [free.id]
    assert [one.order_id for one in await resting.fire([met(order), met(free)])] == [order.id]


async def test_an_order_whose_time_has_passed_is_not_fired(journal: Journal, resting: RestingOrders) -> None:
    order = await rested(journal)
    late = await rested(journal, deadline=order.created_at)
    assert list(await resting.fire([met(late)])) == []


async def test_a_limit_that_rests_again_is_told_and_can_fire_again(journal: Journal, resting: RestingOrders) -> None:
    order = await rested(journal, Limit(Decimal(170), 255_000_000))
    await resting.fire([met(order, "LIMIT")])
    cursor = await resting.cursor()
    claimed = await journal.claim(order.id, "w1")
    assert isinstance(claimed, Claimed)
    cause = Failure(FailureReason.LIMIT_NOT_MET, "gone")
    await journal.record(claimed.claim, Step(status=Status.RESTING, detail=Resting(cause=cause)))
    [again] = (await resting.since(cursor)).resting
    assert (again.id, again.seq) == (order.id, 4)
    fired = await resting.fire([Met(order_id=again.id, seq=again.seq, condition="LIMIT")])
    assert [(one.order_id, one.attempt) for one in fired] == [(order.id, 0)]


@pytest.mark.parametrize(
    "condition",
    [
        STOP,
        TakeProfit(Decimal("1e-9")),
        TrailingStop(50, Decimal(3)),
        Twap(4, 0.5),
        Scheduled(datetime(2030, 1, 1, tzinfo=UTC)),
    ],
)
async def test_every_condition_comes_back_as_it_was_given(
    condition: Condition, journal: Journal, resting: RestingOrders
) -> None:
    await rested(journal, condition)
    [found] = await all_of(resting)
    assert found.condition == condition


async def test_a_price_from_before_new_terms_is_none_of_theirs(
    journal: Journal, resting: RestingOrders, pool: Pool
) -> None:
    given = terms(type=OrderType.TRAILING_STOP, condition=TrailingStop(50), time_in_force=TimeInForce.GTC)
    order = (await journal.submit(DEFAULT_ACCOUNT, request_id(), given, arrival_mid_price=Decimal("160.5"))).order
    [found] = await all_of(resting)
    assert found.armed_mid_price == Decimal("160.5")
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET armed_at = clock_timestamp() WHERE id = %s", [order.id])
    [found] = await all_of(resting)
    assert found.armed_mid_price is None
