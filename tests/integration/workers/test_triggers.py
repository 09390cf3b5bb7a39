"""The trigger process on a real journal and a real market: what rests fires when its time has come, each order once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from redis import Redis

from fillwire_dex import PriceBoard, router, tokens
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated import ZERO, SimulatedMarket, open_market
from fillwire_orders import Claimed, Journal, Order, OrderType, Pool, Reader, Status, Step, TimeInForce
from fillwire_orders.conditions import Condition, Limit, Sniper, Stop, TakeProfit, TrailingStop, Trigger, Twap
from fillwire_orders.event import Failure, FailureReason, Fired
from fillwire_orders.journal import DEFAULT_ACCOUNT
from fillwire_workers.settings import WorkerSettings
from fillwire_workers.triggers.main import running_triggers
from fillwire_workers.triggers.triggers import Triggers
from tests.builders import submitted
from tests.integration.dex.trading import all_landed

SOL = 10**9


@pytest.fixture
async def market(pool: Pool) -> SimulatedMarket:
    return await open_market(pool, profile=ZERO)


@dataclass(frozen=True, slots=True)
class Prices:
    """The market, and its price of SOL in USDC."""

    market: SimulatedMarket
    board: PriceBoard

    @property
    def mid(self) -> Decimal:
        return self.board.prices["SOL", "USDC"]

    async def sell(self, sell: str, buy: str, amount: int) -> None:
        """A swap that moves the price."""
        snapshot = await self.market.pools(tokens.find(sell), tokens.find(buy))
        route = router.best(snapshot, amount_in=amount)
        reference = f"test:{time.monotonic_ns()}"
        transaction = self.market.build(route, min_amount_out=1, reference=reference, slot=snapshot.slot)
        assert all_landed(await self.market.send([transaction]))


@pytest.fixture
async def prices(market: SimulatedMarket) -> AsyncIterator[Prices]:
    async with PriceBoard(market) as board:
        yield Prices(market, board)


@pytest.fixture
def settings(database_url: str, redis_url: str) -> WorkerSettings:
    return WorkerSettings(DATABASE_URL=database_url, REDIS_URL=redis_url, FILLWIRE_QUEUE_KEY="a key for tests alone")


@pytest.fixture
async def triggers(settings: WorkerSettings) -> AsyncIterator[Triggers]:
    async with running_triggers(settings) as triggers:
        yield triggers


async def rested(journal: Journal, condition: Condition, **changes: Any) -> Order:
    type_ = OrderType(type(condition).__struct_config__.tag)  # type: ignore[arg-type]
    return await submitted(
        journal, **{"type": type_, "condition": condition, "time_in_force": TimeInForce.GTC, **changes}
    )


async def until(holds: Callable[[], Awaitable[Any]], *, seconds: float = 10.0) -> Any:
    """What `holds` gives once it gives something."""
    async with asyncio.timeout(seconds):
        while not (found := await holds()):
            await asyncio.sleep(0.01)
    return found


def fired(pool: Pool, *orders: Order) -> Callable[[], Awaitable[Any]]:
    """Whether all these have fired; gives why, by order."""

    async def look() -> Any:
        async with pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT id::text, fired FROM fillwire.orders WHERE fired_at IS NOT NULL AND id = ANY (%s)",
                [[order.id for order in orders]],
            )
            found = dict(await cursor.fetchall())
        return found if len(found) == len(orders) else None

    return look


async def count(pool: Pool, what: str) -> int:
    async with pool.connection() as connection:
        cursor = await connection.execute(f"SELECT count(*) FROM fillwire.orders WHERE {what}".encode())
        [(number,)] = await cursor.fetchall()
    return int(number)


def in_book(triggers: Triggers, *orders: Order) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return all(order.id in triggers.book for order in orders)

    return look


async def test_a_stop_fires_soon_after_the_price_has_fallen_to_it(
    pool: Pool, journal: Journal, prices: Prices, triggers: Triggers, redis_url: str
) -> None:
    mid = prices.mid
    near, far = await rested(journal, Stop(mid * Decimal("0.999"))), await rested(journal, Stop(mid / 2))
    await until(in_book(triggers, near, far))
    await prices.sell("SOL", "USDC", 5_000 * SOL)
    began = time.monotonic()
    why = await until(fired(pool, near))
    assert time.monotonic() - began < 1.0
    assert why[near.id]["condition"] == "STOP"
    assert Decimal(why[near.id]["price"]) <= mid * Decimal("0.999")
    assert await count(pool, "fired_at IS NOT NULL") == 1
    with Redis.from_url(redis_url) as redis:
        await until(lambda: asyncio.to_thread(lambda: redis.llen("rq:queue:orders")))


async def test_two_processes_fire_each_order_once_and_tell_the_queue_once(
    pool: Pool,
    journal: Journal,
    prices: Prices,
    triggers: Triggers,
    settings: WorkerSettings,
) -> None:
    mid = prices.mid
    orders = [await rested(journal, Stop(mid * Decimal("0.999"))) for _ in range(60)]
    async with running_triggers(settings) as others:
        await until(in_book(triggers, *orders))
        await until(in_book(others, *orders))
        await prices.sell("SOL", "USDC", 5_000 * SOL)
        await until(fired(pool, *orders))
    assert await count(pool, "dispatch = 2") == 60


async def test_a_limit_rests_until_the_whole_amount_can_be_had_at_its_price(
    pool: Pool, journal: Journal, prices: Prices, triggers: Triggers
) -> None:
    mid = prices.mid
    price = mid * Decimal("1.001")

    def limit(sol: int) -> Limit:
        return Limit(price, int(price * sol * 10**6))

    # What is asked for a thousand times the amount is out of reach when the price of a small one is met.
    small, large = (
        await rested(journal, limit(1), amount_in=SOL),
        await rested(journal, limit(20_000), amount_in=20_000 * SOL),
    )
    await until(in_book(triggers, small, large))
    await prices.sell("USDC", "SOL", 1_500_000 * 10**6)
    why = await until(fired(pool, small))
    assert Decimal(why[small.id]["price"]) >= price
    # That it was looked at as well, and not met, is all that can be waited for.
    await until(lambda: _looked_at(triggers, large))
    assert await count(pool, "fired_at IS NOT NULL") == 1


async def _looked_at(triggers: Triggers, order: Order) -> bool:
    return triggers.book.limits._looks.get(order.id, 0) > 0


async def test_a_trailing_stop_knows_the_best_price_after_everything_was_restarted(
    pool: Pool, journal: Journal, prices: Prices, settings: WorkerSettings
) -> None:
    start = prices.mid
    async with running_triggers(settings) as first:
        order = await rested(journal, TrailingStop(150))
        await until(in_book(first, order))
        await prices.sell("USDC", "SOL", 3_000_000 * 10**6)

        async def stored() -> bool:
            async with pool.connection() as connection:
                cursor = await connection.execute("SELECT max(high) FROM fillwire.price_bars WHERE pair = 'SOL/USDC'")
                [(high,)] = await cursor.fetchall()
            return high is not None and high > start

        await until(stored)
    high = prices.mid
    await prices.sell("SOL", "USDC", 18_000 * SOL)
    await until(lambda: _below(prices, high))
    assert prices.mid > start * Decimal("0.985")  # a newcomer that saw only this would wait
    async with running_triggers(settings):
        why = await until(fired(pool, order))
    assert Decimal(why[order.id]["best_price"]) == pytest.approx(high)


async def _below(prices: Prices, price: Decimal) -> bool:
    return prices.mid <= price * Decimal("0.985")


async def test_a_sniper_takes_a_pool_that_was_founded_while_no_trigger_process_ran(
    pool: Pool, journal: Journal, market: SimulatedMarket, settings: WorkerSettings
) -> None:
    await market.found_pool(PoolKind.RAYDIUM_CPMM, tokens.SOL, tokens.USDC, depth=1_000_000)
    order = await rested(journal, Sniper(min_liquidity=SOL))
    picky = await rested(journal, Sniper(Trigger.LIQUIDITY_MIGRATED))
    born = await market.found_pool(PoolKind.RAYDIUM_CPMM, tokens.SOL, tokens.USDC, depth=1_000_000)
    async with running_triggers(settings):
        why = await until(fired(pool, order))
        assert why[order.id]["pool"] == born.id
        assert await count(pool, "fired_at IS NOT NULL") == 1
        moved = await market.migrate_pool(born.id, PoolKind.METEORA_DAMM_V2)
        why = await until(fired(pool, picky))
        assert why[picky.id]["pool"] == moved.id


async def test_a_condition_that_is_met_when_it_is_submitted_fires_at_once(
    pool: Pool, journal: Journal, prices: Prices, triggers: Triggers
) -> None:
    order = await rested(journal, TakeProfit(prices.mid / 2))
    await until(fired(pool, order))


async def test_an_order_that_was_replaced_fires_by_its_new_terms(
    pool: Pool, journal: Journal, prices: Prices, triggers: Triggers
) -> None:
    mid = prices.mid
    order = await rested(journal, TakeProfit(mid * 2))
    await until(in_book(triggers, order))
    async with pool.connection() as connection:
        await connection.execute(
            "WITH moved AS (UPDATE fillwire.orders SET last_seq = 3, condition = jsonb_set(condition, '{price}', '\"1\"')"
            " WHERE id = %s RETURNING id) INSERT INTO fillwire.order_events"
            " (order_id, seq, previous, status, at, attempt, fence)"
            " SELECT id, 3, 'RESTING', 'RESTING', clock_timestamp(), 0, 0 FROM moved",
            [order.id],
        )
    await until(fired(pool, order))


async def test_a_twap_order_goes_its_way(pool: Pool, journal: Journal, reader: Reader, triggers: Triggers) -> None:
    parent = await rested(journal, Twap(2, 0.0), amount_in=SOL)
    for _ in range(2):
        child = await until(lambda: _child(pool, parent))
        claimed = await journal.claim(child, "w1")
        assert isinstance(claimed, Claimed)
        end = Failure(FailureReason.NO_ROUTE, "none")
        await journal.record(claimed.claim, Step(status=Status.FAILED, detail=end))

    async def ended() -> bool:
        return (await reader.order(DEFAULT_ACCOUNT, parent.id)).status is Status.FAILED

    await until(ended)


async def _child(pool: Pool, parent: Order) -> Any:
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT id::text FROM fillwire.orders WHERE parent_id = %s AND status = 'PENDING'", [parent.id]
        )
        rows = await cursor.fetchall()
    return rows[0][0] if rows else None


async def test_a_dead_mans_switch_withdraws_what_is_open(
    pool: Pool, journal: Journal, reader: Reader, triggers: Triggers
) -> None:
    order = await rested(journal, Stop(Decimal(1)))
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.accounts SET cancel_at = clock_timestamp()")

    async def cancelled() -> Any:
        return (await reader.order(DEFAULT_ACCOUNT, order.id)).failure

    assert (await until(cancelled)).reason is FailureReason.SWITCHED_OFF


async def test_a_worker_is_told_what_fired_the_order(
    pool: Pool, journal: Journal, reader: Reader, prices: Prices, triggers: Triggers
) -> None:
    order = await rested(journal, TakeProfit(prices.mid / 2))
    await until(fired(pool, order))
    assert isinstance(await journal.claim(order.id, "w1"), Claimed)
    _, log = await reader.story(order.account_id, order.id)
    assert isinstance(log[-1].detail, Fired)

    async def gone() -> bool:
        return order.id not in triggers.book

    await until(gone)


async def test_orders_fire_while_redis_is_away(
    pool: Pool, journal: Journal, prices: Prices, settings: WorkerSettings
) -> None:
    alone = settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1")})
    async with running_triggers(alone):
        order = await rested(journal, TakeProfit(prices.mid / 2))
        await until(fired(pool, order))


async def test_an_outage_of_postgresql_is_made_up_for(
    pool: Pool, journal: Journal, prices: Prices, triggers: Triggers, database_url: str
) -> None:
    near = await rested(journal, Stop(prices.mid * Decimal("0.999")))
    await until(in_book(triggers, near))
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    again = await rested(journal, TakeProfit(prices.mid / 2))
    await prices.sell("SOL", "USDC", 5_000 * SOL)
    await until(fired(pool, near, again))


async def test_an_order_that_is_just_being_changed_fires_once_that_is_done(
    pool: Pool, journal: Journal, prices: Prices, triggers: Triggers, database_url: str
) -> None:
    held, free = [await rested(journal, Stop(prices.mid * Decimal("0.999"))) for _ in range(2)]
    await until(in_book(triggers, held, free))
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT FROM fillwire.orders WHERE id = %s FOR UPDATE", [held.id])
        await prices.sell("SOL", "USDC", 5_000 * SOL)
        await until(fired(pool, free))
        assert await count(pool, "fired_at IS NOT NULL") == 1
    await until(fired(pool, held))
