"""Who follows a market hears of every change soon, whoever made it, and through any outage."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex import Change, PoolKind, PriceBoard, prices, tokens
from fillwire_dex.simulated import ZERO, Fault, FaultKind, MarketMotion, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.migrations import upgrade
from fillwire_orders import open_pool
from fillwire_stack.postgres import Postgres
from tests.chaos.proxy import Mode, Proxy
from tests.integration.dex.trading import SOL, built, rows, sent

NEVER = 3_600.0
"""A pace at which nothing but notices makes anybody look."""

POOL = "raydium_amm_v4.SOL-USDC.1"
LISTENERS = "SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = current_database()"


@pytest.fixture
async def other(database_url: str, connections: Connections) -> AsyncIterator[SimulatedMarket]:
    """The same market as another process has it open."""
    async with AsyncConnectionPool(database_url, min_size=1, max_size=4, open=False) as pool:
        yield await open_market(pool, profile=ZERO)


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[Proxy]:
    """A line to the server of `database_url`."""
    line = Proxy(urlsplit(database_url).port or 0)
    await line.start()
    yield line
    await line.stop()


async def following(changes: AsyncGenerator[Change], *, within: float = 5.0) -> Change:
    """The next change."""
    async with asyncio.timeout(within):
        return await anext(changes)


async def until(changes: AsyncGenerator[Change], enough: Callable[[Change], bool], *, within: float = 20.0) -> Change:
    """The first change that is enough."""
    async with asyncio.timeout(within):
        while True:
            change = await anext(changes)
            if enough(change):
                return change


async def listeners(connections: Connections, number: int) -> None:
    """Wait until so many connections listen."""
    async with asyncio.timeout(10):
        while len(await rows(connections, LISTENERS)) != number:
            await asyncio.sleep(0.01)


async def swap(market: SimulatedMarket, amount: int = 100 * SOL) -> set[str]:
    """Swap on this market; the pools that it touched."""
    transaction = await built(market, amount)
    await sent(market, transaction)
    return {leg.pool_id for leg in transaction.instructions}


async def test_the_first_change_is_the_market_as_it_is(market: SimulatedMarket) -> None:
    async with aclosing(market.changes()) as changes:
        first = await following(changes)
    assert list(first.listings.values()) == list(await market.listings())
    assert first.changed == first.listings.keys()
    assert (first.born, first.halted) == ((), frozenset())


async def test_a_swap_of_another_process_is_heard_of_at_once(
    connections: Connections, market: SimulatedMarket, other: SimulatedMarket
) -> None:
    async with aclosing(market.changes(pace=NEVER)) as changes:
        first = await following(changes)
        await listeners(connections, 1)
        for _ in range(3):
            touched = await swap(other)
            change = await following(changes, within=1)
            assert change.changed == touched
            assert change.born == ()
            assert all(change.listings[id_].version == first.listings[id_].version + 1 for id_ in touched)
            assert all(change.listings[id_] is first.listings[id_] for id_ in first.listings.keys() - touched)
            assert change.slot >= first.slot
            first = change


async def test_a_swap_of_ones_own_is_heard_of_too(connections: Connections, market: SimulatedMarket) -> None:
    async with aclosing(market.changes(pace=NEVER)) as changes:
        await following(changes)
        await listeners(connections, 1)
        touched = await swap(market)
        assert (await following(changes, within=1)).changed == touched


async def test_where_nothing_happens_nothing_is_told(market: SimulatedMarket) -> None:
    async with aclosing(market.changes(pace=0.01)) as changes:
        await following(changes)
        with pytest.raises(TimeoutError):
            await following(changes, within=0.3)


async def test_a_moving_market_is_brought_to_the_present_though_nobody_trades(
    connections: Connections, market: SimulatedMarket
) -> None:
    await market.set_motion(MarketMotion.MOVING)
    async with aclosing(market.changes(pace=0.05)) as changes:
        slots = [(await following(changes)).slot for _ in range(5)]
        [(present, head)] = await rows(connections, "SELECT m.slot, c.head_slot FROM market.moment m, market.chain c")
    assert slots == sorted(set(slots))
    assert 0 <= present - slots[-1] <= 1
    assert head >= slots[-1]
    assert slots[-1] - slots[1] <= 5


async def test_who_is_busy_hears_of_all_that_happened_in_one_change(
    connections: Connections, market: SimulatedMarket, other: SimulatedMarket
) -> None:
    async with aclosing(market.changes(pace=NEVER)) as changes, aclosing(market.changes(pace=NEVER)) as eager:
        await following(changes)
        await following(eager)
        await listeners(connections, 1)
        touched: set[str] = set()
        for _ in range(3):
            touched |= await swap(other)
            await following(eager, within=1)
        born = await other.found_pool(PoolKind.RAYDIUM_CPMM, tokens.WIF, tokens.SOL, depth=100, price=Decimal("0.005"))
        await until(eager, lambda change: bool(change.born))
        change = await following(changes)
        assert change.changed == {*touched, born.id}
        assert change.born == (born,)


async def test_all_who_follow_share_one_connection_and_leave_none_behind(
    connections: Connections, market: SimulatedMarket
) -> None:
    async with (
        aclosing(market.changes()) as one,
        aclosing(market.changes()) as two,
        aclosing(market.changes()) as three,
    ):
        for changes in (one, two, three):
            await following(changes)
        await listeners(connections, 1)
        await one.aclose()
        await two.aclose()
        touched = await swap(market)
        assert (await following(three)).changed == touched
    await listeners(connections, 0)
    async with aclosing(market.changes()) as again:
        first = await following(again)
        assert first.changed == first.listings.keys()
        await listeners(connections, 1)
    await listeners(connections, 0)


async def test_who_stops_waiting_can_go_on(market: SimulatedMarket, other: SimulatedMarket) -> None:
    async with PriceBoard(market, pace=0.05) as board:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await board.wait(board.version)
        version = board.version
        await swap(other)
        async with asyncio.timeout(5):
            assert await board.wait(version) > version


async def test_a_venue_that_is_halted_is_named_and_has_no_say_in_prices(market: SimulatedMarket) -> None:
    async with PriceBoard(market, pace=0.05) as board:
        free, version = board.mid("SOL", "USDC"), board.version
        await market.script(Fault(FaultKind.HALTED, venue="raydium_amm_v4"))
        async with asyncio.timeout(5):
            version = await board.wait(version)
        assert board.prices == prices.mids(board.listings.values(), halted={"raydium_amm_v4"})
        assert board.mid("SOL", "USDC") != free
        await market.clear_faults()
        async with asyncio.timeout(5):
            await board.wait(version)
        assert board.mid("SOL", "USDC") == free


async def test_a_pool_that_is_born_is_named_once(market: SimulatedMarket, other: SimulatedMarket) -> None:
    async with aclosing(market.changes(pace=0.05)) as changes:
        first = await following(changes)
        born = await other.found_pool(PoolKind.RAYDIUM_CPMM, tokens.WIF, tokens.SOL, depth=100, price=Decimal("0.005"))
        change = await until(changes, lambda change: bool(change.born))
        assert change.born == (born,)
        assert change.changed == {born.id}
        assert change.listings.keys() - first.listings.keys() == {born.id}
        touched = await swap(other)
        after = await following(changes)
        assert after.born == ()
        assert after.changed == touched


async def test_a_pool_that_moves_is_one_that_goes_and_one_that_is_born(
    market: SimulatedMarket, other: SimulatedMarket
) -> None:
    async with aclosing(market.changes(pace=0.05)) as changes:
        await following(changes)
        target = await other.migrate_pool(POOL, PoolKind.RAYDIUM_CPMM)
        change = await until(changes, lambda change: bool(change.born))
        assert change.changed == {POOL, target.id}
        assert change.born == (target,)
        assert POOL not in change.listings


@pytest.mark.parametrize("crash", [False, True], ids=["restarted", "killed"])
async def test_changes_go_on_after_postgres_was_away(server_directory: Path, crash: bool) -> None:
    server = Postgres(server_directory)
    server.start()
    upgrade(server.url)
    pool = await open_pool(server.url, max_size=4)
    try:
        market = await open_market(pool, profile=ZERO)
        async with PriceBoard(market, pace=0.05) as board:
            await listeners(pool, 1)
            before, version = board.prices, board.version
            await asyncio.to_thread(server.kill if crash else server.stop)
            await asyncio.to_thread(server.start)
            await listeners(pool, 1)
            assert board.prices is before
            await swap(market)
            async with asyncio.timeout(10):
                await board.wait(version)
            assert board.prices != before
    finally:
        await pool.close()
        server.stop()


@pytest.mark.parametrize("mode", [Mode.BLACKHOLE, Mode.REFUSE, Mode.ANSWERS_LOST])
async def test_changes_go_on_after_the_line_was_cut(
    database_url: str, line: Proxy, market: SimulatedMarket, mode: Mode
) -> None:
    beyond = await open_pool(database_url.replace(f":{urlsplit(database_url).port}/", f":{line.port}/"), max_size=4)
    try:
        far = await open_market(beyond, profile=ZERO)
        async with aclosing(far.changes(pace=0.1)) as changes:
            await following(changes)
            line.set(mode)
            touched = await swap(market)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await asyncio.shield(waiting := asyncio.ensure_future(anext(changes)))
            line.set(Mode.PASS)
            async with asyncio.timeout(15):
                assert (await waiting).changed == touched
    finally:
        await beyond.close()


async def test_without_notices_the_pace_alone_tells(
    market: SimulatedMarket, other: SimulatedMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler of transactions, which passes none on."""
    monkeypatch.setattr("fillwire_dex.simulated.notices.CHANNEL", "another")
    async with aclosing(market.changes(pace=0.1)) as changes:
        await following(changes)
        touched = await swap(other)
        assert (await following(changes, within=2)).changed == touched


async def test_a_notice_of_somebody_elses_does_not_matter(connections: Connections, market: SimulatedMarket) -> None:
    async with aclosing(market.changes(pace=0.1)) as changes:
        await following(changes)
        await listeners(connections, 1)
        await rows(connections, "SELECT pg_notify('fillwire_market', 'what?')")
        touched = await swap(market)
        assert (await following(changes, within=2)).changed == touched
        await listeners(connections, 1)


async def test_a_notice_comes_only_of_blocks_that_changed_pools(
    connections: Connections, market: SimulatedMarket, database_url: str
) -> None:
    """Else every question about a transaction would wake everybody who follows."""
    listener = await open_pool(database_url, max_size=1)
    try:
        async with listener.connection() as connection:
            await connection.execute("LISTEN fillwire_market")
            assert (await market.outcomes(["unknown"])) != []
            await swap(market)
            [(height,)] = await rows(connections, "SELECT height FROM market.chain")
            payloads = [notice.payload async for notice in connection.notifies(timeout=5, stop_after=1)]
            payloads += [notice.payload async for notice in connection.notifies(timeout=0.3)]
        assert payloads == [str(height)]
    finally:
        await listener.close()


async def test_prices_follow_several_processes_that_trade(database_url: str, market: SimulatedMarket) -> None:
    await market.set_motion(MarketMotion.MOVING)
    trader = [sys.executable, "-m", "tests.integration.dex.trader", database_url]
    async with PriceBoard(market, pace=0.1) as board:
        traders = [await asyncio.create_subprocess_exec(*trader, str(seed), "15") for seed in range(2)]
        assert [await process.wait() for process in traders] == [0, 0]
        began = time.monotonic()
        while dict(board.listings) != {one.id: one for one in await market.listings()}:
            assert time.monotonic() - began < 10
            await board.wait(board.version)
        assert board.prices == prices.mids(board.listings.values())
