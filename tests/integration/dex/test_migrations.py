"""A market that was made by an earlier version goes on with this one, with all that was under way."""

import json
from importlib import import_module

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex import Expired, Landed, Refused, tokens
from fillwire_dex.simulated import ZERO, FaultKind, MarketMotion, genesis, open_market
from fillwire_dex.simulated.migrations import upgrade
from tests.integration.dex.trading import SOL, built, rows, sent

FIRST = import_module("fillwire_dex.simulated.migrations.versions.0001_chain_pools_and_transactions")
OLD = [pool for pool in genesis.pools() if pool.kind in ("raydium_amm_v4", "raydium_cpmm", "meteora_damm_v2")]


@pytest.fixture
def old_url(database_url: str) -> str:
    """The URL of a market as the first version left it: pools, and transactions that wait."""
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA market CASCADE; CREATE SCHEMA market")
        for statement in (FIRST.CHAIN, FIRST.MOMENT, FIRST.POOLS, FIRST.TRANSACTIONS, FIRST.FAULTS, *FIRST.INDEXES):
            connection.execute(statement)
        connection.execute(
            "CREATE TABLE market.alembic_version (version_num varchar(32) PRIMARY KEY);"
            "INSERT INTO market.alembic_version VALUES ('0001');"
            "INSERT INTO market.chain (genesis, slot_ms, valid_slots, seed, head_slot)"
            " VALUES (clock_timestamp() - interval '1 hour', 400, 150, 'fillwire', 8999)"
        )
        for pool in OLD:
            connection.execute(
                "INSERT INTO market.pools VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 3, 8000)",
                [pool.id, pool.kind, pool.kind, pool.token_a.mint, pool.token_b.mint, pool.vault_a, pool.vault_b,
                 json.dumps(dict(pool.state))],
            )  # fmt: skip
        for signature, landing, last_valid in [("lands", "1 second", 9100), ("late", "-1 hour", 8999)]:
            connection.execute(
                "INSERT INTO market.transactions"
                " (signature, reference, payload, pool_ids, last_valid_slot, fate, sent_at, land_at)"
                " VALUES (%s, 'o:1', %s, '{}', %s, 'land', now(), clock_timestamp() - %s::interval)",
                [signature, first_format(), last_valid, landing],
            )
        connection.execute("INSERT INTO market.faults (kind, venue, remaining) VALUES ('refuse', 'raydium_cpmm', 1)")
    return database_url


def first_format() -> bytes:
    """The bytes of a transaction as the first version wrote them."""
    document = {
        "format": 1,
        "reference": "o:1",
        "last_valid_slot": 9_100,
        "min_amount_out": "1",
        "legs": [["raydium_amm_v4.SOL-USDC.1", tokens.SOL.mint, tokens.USDC.mint, "1000000000"]],
    }
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


async def test_what_was_under_way_lands_on_the_pools_as_they_were(old_url: str) -> None:
    upgrade(old_url)
    async with AsyncConnectionPool(old_url, min_size=1, max_size=4, open=False) as pool:
        market = await open_market(pool, profile=ZERO)
        landed, late = await market.outcomes(["lands", "late"])
        assert isinstance(landed, Landed)
        assert landed.amount_in == SOL
        assert isinstance(late, Expired)
        versions = {str(entry.id): entry.version for entry in await market.listings()}
        assert versions.pop("raydium_amm_v4.SOL-USDC.1") == 4
        assert {versions[one.id] for one in OLD if one.id in versions} == {3}
        assert (await market.audit()).is_clean
        refused = await sent(market, await built(market, venue="raydium_cpmm"))
        assert isinstance(refused.outcome, Refused)
        assert await rows(pool, "SELECT kind, remaining FROM market.faults") == [(FaultKind.REFUSE.value, 0)]


async def test_an_old_market_gets_the_pools_that_are_new_and_stays_still(old_url: str) -> None:
    upgrade(old_url, motion=MarketMotion.MOVING)
    async with AsyncConnectionPool(old_url, min_size=1, max_size=4, open=False) as pool:
        market = await open_market(pool, profile=ZERO)
        assert {entry.id for entry in await market.listings()} == {one.id for one in genesis.pools()}
        assert await rows(pool, "SELECT motion FROM market.chain") == [("still",)]
        assert (await market.audit()).is_clean
        await market.set_motion(MarketMotion.MOVING)
        await market.advance()
        assert (await market.audit()).is_clean


async def test_pools_that_are_seeded_later_are_heard_of_by_who_has_the_market_open(database_url: str) -> None:
    async with AsyncConnectionPool(database_url, min_size=1, max_size=4, open=False) as pool:
        await rows(pool, "DELETE FROM market.pools WHERE id = 'raydium_amm_v4.SOL-USDC.2' RETURNING id")
        market = await open_market(pool, profile=ZERO)
        before = {entry.id for entry in await market.listings()}
        upgrade(database_url)
        assert {entry.id for entry in await market.listings()} - before == {"raydium_amm_v4.SOL-USDC.2"}


@pytest.mark.parametrize("motion", MarketMotion)
async def test_a_new_market_moves_or_not_as_it_was_told(database_url: str, motion: MarketMotion) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA market CASCADE")
        upgrade(database_url, motion=motion)
        assert connection.execute("SELECT motion FROM market.chain").fetchone() == (motion.value,)
