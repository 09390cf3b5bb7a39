"""Every pool says when and how it came to be, whoever asks, and can be founded or moved by hand."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex import Listing, PoolKind, RefusalReason, Refused, router, tokens
from fillwire_dex.simulated import ZERO, MarketMotion, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.founding import DESTINATIONS, KINDS
from fillwire_dex.simulated.migrations import upgrade
from fillwire_dex.simulated.motion import Motion, is_newcomer
from fillwire_dex.simulated.world import STARTED
from fillwire_dex.snapshot import Origin
from tests.integration.dex.trading import SOL, all_landed, begin, built, rows, sent

POOL = "raydium_amm_v4.SOL-USDC.1"


async def pool(market: SimulatedMarket, pool_id: str) -> Listing:
    """A pool as this market lists it."""
    [listing] = [one for one in await market.listings() if one.id == pool_id]
    return listing


async def clock(connections: Connections) -> datetime:
    """The database's clock, by which orders are accepted."""
    [(now,)] = await rows(connections, "SELECT clock_timestamp()")
    assert isinstance(now, datetime)
    return now


def at(slot: int) -> datetime:
    """When a slot begins in a market that began when a World does."""
    return datetime.fromtimestamp(STARTED, UTC) + timedelta(milliseconds=400 * slot)


async def test_the_first_pools_were_there_when_the_market_began(
    connections: Connections, market: SimulatedMarket
) -> None:
    [(genesis,)] = await rows(connections, "SELECT genesis FROM market.chain")
    for one in await market.listings():
        assert (one.founded_slot, one.origin) == (0, Origin.GENESIS)
        assert timedelta() <= one.founded_at - genesis < timedelta(minutes=1)
        assert one.founded_at.tzinfo is UTC


async def test_a_newcomer_says_its_slot_and_the_time_of_it_to_whoever_comes_later(
    connections: Connections, market: SimulatedMarket
) -> None:
    motion = Motion("fillwire")
    slot = next(slot for slot in range(1, 3_000) if motion.births(slot))
    [founded] = motion.births(slot)
    await begin(connections, market, slot - 3)
    await market.hold_clock(slot + 60)
    await market.advance()
    born = await pool(market, founded.id)
    assert (born.founded_slot, born.founded_at, born.origin) == (slot, at(slot), Origin.FOUNDED)
    assert born.version > 0
    assert await pool(await open_market(connections, profile=ZERO), founded.id) == born
    await market.hold_clock(slot + 200)
    await market.advance()
    assert (await pool(market, founded.id)).birth == born.birth


async def test_liquidity_moves_by_the_timetable_and_is_audited(
    connections: Connections, market: SimulatedMarket
) -> None:
    motion = Motion("fillwire")
    slot, [migration] = next((slot, found) for slot in range(1, 50_000) if (found := motion.migrations(slot)))
    await begin(connections, market, 1)
    await market.hold_clock(slot - 1)
    await market.advance()
    before = await pool(market, migration.source)
    await market.hold_clock(slot)
    await market.advance()
    for opened in (market, await open_market(connections, profile=ZERO)):
        assert migration.source not in {one.id for one in await opened.listings()}
        after = await pool(opened, migration.target)
        assert (after.founded_slot, after.founded_at, after.origin) == (slot, at(slot), Origin.MIGRATED)
        assert (after.token_a, after.token_b) == (before.token_a, before.token_b)
        assert after.pool.spot_price() == pytest.approx(before.pool.spot_price(), rel=0.05)
    assert (await market.audit()).is_clean
    await market.hold_clock(slot + 100)
    await market.advance()
    assert (await market.audit()).is_clean


@pytest.mark.parametrize("kind", KINDS)
async def test_a_pool_founded_by_hand_is_founded_now_and_trades(
    connections: Connections, market: SimulatedMarket, kind: PoolKind
) -> None:
    other = await open_market(connections, profile=ZERO)
    before, accepted = await market.audit(), await clock(connections)
    founded = await market.found_pool(kind, tokens.WIF, tokens.SOL, depth=100, price=Decimal("0.005"))
    assert accepted < founded.founded_at <= await clock(connections)
    assert (founded.kind, founded.origin) == (kind, Origin.FOUNDED)
    assert founded.founded_slot == founded.slot
    assert founded.pool.spot_price() == pytest.approx(0.005 * 10**3, rel=0.005)
    assert await pool(other, founded.id) == founded == await pool(market, founded.id)
    [landed] = all_landed([await sent(other, await built(other, SOL // 10, buy=tokens.WIF))])
    assert {leg.pool_id for leg in landed.legs} == {founded.id}
    after = await market.audit()
    assert after.is_clean
    assert after.minted == before.minted


async def test_pools_founded_by_hand_have_ids_of_their_own(market: SimulatedMarket) -> None:
    founded = await asyncio.gather(
        *(market.found_pool(PoolKind.RAYDIUM_CPMM, tokens.SOL, tokens.USDC, depth=1_000) for _ in range(4))
    )
    assert len({one.id for one in founded}) == 4
    assert not any(is_newcomer(one.id) for one in founded)
    assert (await market.audit()).is_clean


async def test_without_a_price_a_pool_is_founded_at_the_mid(market: SimulatedMarket) -> None:
    founded = await market.found_pool(PoolKind.RAYDIUM_AMM_V4, tokens.BONK, tokens.USDT, depth=5_000)
    assert founded.pool.spot_price() * 10 ** (5 - 6) == pytest.approx(0.000018, rel=0.005)
    with pytest.raises(ValueError, match="name a price"):
        await market.found_pool(PoolKind.RAYDIUM_AMM_V4, tokens.WIF, tokens.USDT, depth=5_000)


@pytest.mark.parametrize(
    ("token_b", "depth"), [(tokens.USDC, 0), (tokens.USDC, -5), (tokens.SOL, 100)], ids=["none", "less", "one token"]
)
async def test_what_can_be_no_pool_is_not_founded(market: SimulatedMarket, token_b: tokens.Token, depth: int) -> None:
    before = await market.listings()
    with pytest.raises(ValueError, match="a pool holds"):
        await market.found_pool(PoolKind.RAYDIUM_CPMM, tokens.SOL, token_b, depth=depth, price=Decimal(1))
    assert await market.listings() == before


@pytest.mark.parametrize("kind", DESTINATIONS)
async def test_liquidity_moved_by_hand_is_gone_there_and_here_at_once(
    connections: Connections, market: SimulatedMarket, kind: PoolKind
) -> None:
    source = next(one for one in await market.listings() if one.kind is not kind and one.token_b == tokens.USDC)
    before, stale, accepted = await market.audit(), await built_on(market, source), await clock(connections)
    target = await market.migrate_pool(source.id, kind)
    assert (target.kind, target.origin) == (kind, Origin.MIGRATED)
    assert target.founded_at > accepted
    assert target.pool.spot_price() == pytest.approx(source.pool.spot_price(), rel=1e-9)
    listed = {one.id: one for one in await (await open_market(connections, profile=ZERO)).listings()}
    assert listed[target.id] == target
    assert source.id not in listed
    refused = (await sent(market, stale)).outcome
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.UNKNOWN_POOL
    all_landed([await sent(market, await built_on(market, target))])
    after = await market.audit()
    assert after.is_clean
    assert after.minted == before.minted


async def built_on(market: SimulatedMarket, listing: Listing) -> Any:
    """A transaction that sells into one pool."""
    snapshot = await market.pools(listing.token_a, listing.token_b)
    route = router.best(snapshot, amount_in=10**listing.token_a.decimals, venues=[listing.venue])
    return market.build(route, min_amount_out=1, reference=f"on {listing.id}:1", slot=snapshot.slot)


async def test_what_cannot_move_stays(market: SimulatedMarket) -> None:
    before = await market.listings()
    for source, kind, said in [
        ("raydium_cpmm.SOL-USDC.99", PoolKind.RAYDIUM_AMM_V4, "there is no pool"),
        (POOL, PoolKind.RAYDIUM_AMM_V4, "outside"),
        (POOL, PoolKind.METEORA_DLMM, "moves to one of"),
    ]:
        with pytest.raises(ValueError, match=said):
            await market.migrate_pool(source, kind)
    assert await market.listings() == before


async def test_it_all_adds_up_while_pools_are_founded_and_moved_in_a_market_that_moves(
    connections: Connections, market: SimulatedMarket
) -> None:
    await begin(connections, market, 1_600)
    for slot in range(1_601, 1_661, 3):
        await market.hold_clock(slot)
        founded = await market.found_pool(PoolKind.METEORA_DLMM, tokens.SOL, tokens.USDC, depth=50_000)
        await sent(market, await built(market, 200 * SOL))
        moved = await market.migrate_pool(founded.id, PoolKind.RAYDIUM_CPMM)
        await market.migrate_pool(moved.id, PoolKind.RAYDIUM_AMM_V4)
        assert (await market.audit()).is_clean, slot
    await market.hold_clock(3_000)
    await market.advance()
    assert (await market.audit()).is_clean
    by_hand = [one for one in await market.listings() if one.origin is Origin.MIGRATED and not is_newcomer(one.id)]
    assert len(by_hand) == 20


async def test_pools_of_an_earlier_version_count_as_old(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA market CASCADE")
        upgrade(database_url, motion=MarketMotion.STILL)
        connection.execute(
            "ALTER TABLE market.pools DROP COLUMN founded_slot, DROP COLUMN founded_at, DROP COLUMN origin;"
            "UPDATE market.alembic_version SET version_num = '0002';"
            f"UPDATE market.pools SET id = 'raydium_amm_v4.WIF-SOL.1023' WHERE id = '{POOL}'"
        )
        upgrade(database_url)
        [genesis] = connection.execute("SELECT genesis FROM market.chain").fetchone() or ()
    async with AsyncConnectionPool(database_url, min_size=1, max_size=2, open=False) as connections:
        listed = {str(one.id): one for one in await (await open_market(connections)).listings()}
    newcomer = listed.pop("raydium_amm_v4.WIF-SOL.1023")
    assert (newcomer.founded_slot, newcomer.founded_at, newcomer.origin) == (0, genesis, Origin.FOUNDED)
    assert {(one.founded_slot, one.origin) for one in listed.values()} == {(0, Origin.GENESIS)}
