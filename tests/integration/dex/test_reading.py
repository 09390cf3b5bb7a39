"""Pools are read venue by venue, together, and shared by those who ask at once."""

import asyncio
import sys
from time import perf_counter

import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex import MarketUnavailable, PoolKind, router, tokens
from fillwire_dex.simulated import DEFAULT, SEEDS, ZERO, LatencyProfile, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.migrations import upgrade
from tests.integration.dex.trading import SOL, built, rows, sent


async def test_the_default_market_has_every_pair_and_two_pools_of_every_kind(market: SimulatedMarket) -> None:
    snapshot = await market.pools(tokens.SOL, tokens.USDC)
    kinds = [entry.kind for entry in snapshot.listings]
    assert all(kinds.count(kind) >= 2 for kind in PoolKind)
    for sell, buy in [("SOL", "USDT"), ("JUP", "SOL"), ("JUP", "USDC"), ("RAY", "SOL"), ("RAY", "USDC"),
                      ("BONK", "SOL"), ("mSOL", "SOL"), ("USDC", "USDT")]:  # fmt: skip
        pair = await market.pools(tokens.find(sell), tokens.find(buy))
        assert router.best(pair, amount_in=10**9).amount_out > 0


async def test_both_directions_see_the_same_pools(market: SimulatedMarket) -> None:
    there = await market.pools(tokens.SOL, tokens.USDC)
    back = await market.pools(tokens.USDC, tokens.SOL)
    assert there.listings == back.listings
    assert 159 < router.best(there, amount_in=SOL).price < 161
    assert 159 < 1 / router.best(back, amount_in=160 * 10**6).price < 161


async def test_more_hops_see_the_pools_of_every_way_and_no_others(market: SimulatedMarket) -> None:
    everything = {entry.id for entry in await market.listings()}
    seen = []
    for hops in (1, 2, 3):
        snapshot = await market.pools(tokens.JUP, tokens.USDT, max_hops=hops)
        pairs = {frozenset((entry.token_a.symbol, entry.token_b.symbol)) for entry in snapshot.listings}
        assert (snapshot.token_in, snapshot.token_out) == (tokens.JUP, tokens.USDT)
        seen.append(pairs)
    assert seen[0] == set()
    assert {frozenset(one) for one in [("JUP", "SOL"), ("SOL", "USDT"), ("JUP", "USDC"), ("USDC", "USDT")]} == seen[1]
    assert frozenset(("SOL", "USDC")) in seen[2] > seen[1]
    assert frozenset(("BONK", "SOL")) not in seen[2]
    far = await market.pools(tokens.BONK, tokens.MSOL, max_hops=2)
    assert {entry.id for entry in far.listings} == {
        entry.id
        for entry in far.listings
        if {entry.token_a, entry.token_b} in ({tokens.BONK, tokens.SOL}, {tokens.MSOL, tokens.SOL})
    }
    assert {entry.id for entry in far.listings} < everything


async def test_pools_that_did_not_change_are_neither_fetched_nor_decoded_again(
    market: SimulatedMarket, connections: Connections
) -> None:
    before = {entry.id: entry for entry in (await market.pools(tokens.SOL, tokens.USDC, max_hops=3)).listings}
    other = await open_market(connections, profile=ZERO)
    moved = {leg.pool_id for leg in (await sent(other, await built(other, 100 * SOL))).outcome.legs}
    after = {entry.id: entry for entry in (await market.pools(tokens.SOL, tokens.USDC, max_hops=3)).listings}
    assert {id_ for id_, entry in after.items() if entry is not before[id_]} == moved


async def test_what_one_process_changed_every_process_sees(market: SimulatedMarket, connections: Connections) -> None:
    others = [await open_market(connections, profile=ZERO) for _ in range(3)]
    for one in (market, *others):
        await sent(one, await built(one, 100 * SOL))
        fresh = await open_market(connections, profile=ZERO)
        seen = [(await each.pools(tokens.SOL, tokens.USDC)).listings for each in (market, *others, fresh)]
        assert all(listings == seen[0] for listings in seen)


async def test_a_pair_that_nobody_trades_is_an_empty_snapshot(market: SimulatedMarket) -> None:
    assert (await market.pools(tokens.BONK, tokens.USDT)).listings == ()


async def test_listed_venues_add_up_to_the_listed_pools(market: SimulatedMarket) -> None:
    venues, listings = await market.venues(), await market.listings()
    assert sum(venue.pool_count for venue in venues) == len(listings)
    assert [venue.name for venue in venues] == sorted(kind.value for kind in PoolKind)
    assert all(0 < venue.min_fee_bps <= venue.max_fee_bps <= 100.1 for venue in venues)


async def test_venues_are_read_at_the_same_time(connections: Connections) -> None:
    profile = LatencyProfile("reads", read=(0.1, 0.1), build=(0, 0), send=(0, 0), landing=(0, 0))
    market = await open_market(connections, profile=profile)
    started = perf_counter()
    snapshot = await market.pools(tokens.SOL, tokens.USDC)
    took_ms = 1000 * (perf_counter() - started)
    assert all(read.latency_ms >= 100 for read in snapshot.reads)
    assert took_ms < 0.7 * sum(read.latency_ms for read in snapshot.reads)


async def test_reads_of_one_pair_at_one_moment_share_one_answer(market: SimulatedMarket) -> None:
    same = await asyncio.gather(*(market.pools(tokens.SOL, tokens.USDC) for _ in range(100)))
    assert all(snapshot is same[0] for snapshot in same)
    assert await market.pools(tokens.SOL, tokens.USDC) is not same[0]


async def test_a_reader_that_gives_up_does_not_take_the_answer_from_the_others(market: SimulatedMarket) -> None:
    first = asyncio.ensure_future(market.pools(tokens.SOL, tokens.USDC))
    second = asyncio.ensure_future(market.pools(tokens.SOL, tokens.USDC))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).listings


async def test_a_pool_is_read_as_it_is_after_a_swap(market: SimulatedMarket) -> None:
    before = await market.pools(tokens.SOL, tokens.USDC)
    landed = (await sent(market, await built(market, 100 * SOL))).outcome
    after = await market.pools(tokens.SOL, tokens.USDC)
    moved = {leg.pool_id for leg in landed.legs}
    assert {entry.id for entry in after.listings if entry not in before.listings} == moved
    assert all(entry.slot == landed.slot for entry in after.listings if entry.id in moved)


async def test_the_zero_profile_does_not_even_yield_to_build(market: SimulatedMarket) -> None:
    with pytest.raises(StopIteration):
        market.build_delay("o:1").send(None)


@pytest.mark.parametrize(("profile", "least", "most"), [(DEFAULT, 0.25, 0.65), (SEEDS, 6.0, 9.0), (ZERO, 0.0, 0.0)])
async def test_a_profile_takes_as_long_as_it_says_in_total(profile: LatencyProfile, least: float, most: float) -> None:
    steps = [profile.read, profile.build, profile.send, profile.landing]
    assert least <= sum(low for low, _ in steps)
    assert sum(high for _, high in steps) <= most


async def test_delays_are_the_same_for_the_same_seed_and_transaction(connections: Connections) -> None:
    one, other = [await open_market(connections, profile=DEFAULT) for _ in range(2)]
    transaction = await built(one)
    delays = [m._mempool.streams.between(DEFAULT.landing, "landing", transaction.signature) for m in (one, other)]
    assert delays[0] == delays[1]
    assert 0.25 <= delays[0] < 0.5


async def test_a_database_that_is_gone_is_an_unavailable_market(database_url: str) -> None:
    upgrade(database_url)
    async with AsyncConnectionPool(database_url, min_size=1, max_size=2, open=False, timeout=1.0) as pool:
        market = await open_market(pool, profile=ZERO)
        await pool.close()
        with pytest.raises(MarketUnavailable):
            await market.pools(tokens.SOL, tokens.USDC)
        with pytest.raises(MarketUnavailable):
            await market.outcomes(["x"])


async def test_upgrading_again_leaves_the_pools_as_they_are(
    database_url: str, market: SimulatedMarket, connections: Connections
) -> None:
    await sent(market, await built(market, 100 * SOL))
    before = await rows(connections, "SELECT * FROM market.pools ORDER BY id")
    upgrade(database_url.replace("postgresql://", "postgresql+psycopg://"))
    assert await rows(connections, "SELECT * FROM market.pools ORDER BY id") == before


async def test_processes_that_start_together_install_the_market_once(
    database_url: str, connections: Connections
) -> None:
    async with connections.connection() as connection:
        await connection.execute("DROP SCHEMA market CASCADE")
    install = "import sys; from fillwire_dex.simulated.migrations import upgrade; upgrade(sys.argv[1])"
    processes = [await asyncio.create_subprocess_exec(sys.executable, "-c", install, database_url) for _ in range(3)]
    assert [await process.wait() for process in processes] == [0, 0, 0]
    assert await rows(connections, "SELECT count(*) FROM market.chain") == [(1,)]
