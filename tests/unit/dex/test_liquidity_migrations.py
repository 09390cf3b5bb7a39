"""Liquidity moves from one venue to another, at the price it had, and nothing is made or lost on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from fillwire_dex import Direction, PoolKind, pools, tokens
from fillwire_dex.simulated import founding, genesis
from fillwire_dex.simulated.founding import DESTINATIONS, Founded, Migration
from fillwire_dex.simulated.live import LivePool
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.stretch import Stretch
from fillwire_dex.simulated.world import STARTED, World
from fillwire_dex.snapshot import ALWAYS, Origin
from tests.unit.dex.markets import NOW

FIRST = next((slot, found[0]) for slot in range(1, 50_000) if (found := Motion("fillwire").migrations(slot)))
"""The first migration of the default seed, and its slot."""


def live(founded: Founded, *, sold: float = 0.0) -> LivePool:
    """A pool of the default market, after somebody sold so large a part of what it holds of a."""
    pool = pools.decode(founded.kind, founded.state)
    if sold:
        swap = pool.quote_exact_in(Direction.A_TO_B, int(pool.reserves()[0] * sold), now=NOW)
        pool = pool.after(swap)
    return LivePool(founded.kind.value, founded.token_a.mint, founded.token_b.mint, 3, pool)


def moves(founded: Founded) -> Iterator[Migration]:
    return (Migration(founded.id, kind, 77) for kind in DESTINATIONS if kind is not founded.kind)


@pytest.mark.parametrize("sold", [0.0, 0.05])
@pytest.mark.parametrize("founded", genesis.pools(), ids=lambda founded: founded.id)
def test_the_new_pool_has_the_price_of_the_old_one_and_no_more_than_it_held(founded: Founded, sold: float) -> None:
    source = live(founded, sold=sold)
    held_a, held_b = source.pool.reserves()
    for migration in moves(founded):
        target = founding.migrated(migration, source)
        assert target is not None
        assert target.id == migration.target
        assert (target.token_a, target.token_b) == (founded.token_a, founded.token_b)
        assert 0 < target.vault_a <= held_a
        assert 0 < target.vault_b <= held_b
        pool = pools.decode(target.kind, target.state)
        assert pool.spot_price() == pytest.approx(source.pool.spot_price(), rel=1e-9)
        value = target.vault_b + target.vault_a * pool.spot_price()
        least = 2 * min(held_b, held_a * source.pool.spot_price()) - 2 * 10**founded.token_b.decimals
        assert value >= least * (1 - 1e-9)


def test_a_pool_that_holds_nearly_nothing_stays_where_it_is() -> None:
    founded = founding.usual(PoolKind.RAYDIUM_CPMM, founding.Plan(1, tokens.SOL, tokens.USDC, Decimal(160), 1))
    source = live(founded, sold=0.5)
    migration = Migration(founded.id, PoolKind.RAYDIUM_AMM_V4, 77)
    assert founding.migrated(migration, source) is None
    stretch = Stretch({founded.id: source}, 9)
    assert stretch.migrate(migration, 9, ALWAYS.at) is None
    assert list(stretch.live) == [founded.id]
    assert (stretch.born, stretch.ended) == ({}, [])


def test_liquidity_of_a_pool_that_is_gone_does_not_move() -> None:
    stretch = Stretch(dict(World(None).live), 9)
    assert stretch.migrate(Migration("raydium_cpmm.WIF-SOL.5", PoolKind.RAYDIUM_AMM_V4, 77), 9, ALWAYS.at) is None
    assert stretch.live == World(None).live


def test_newcomers_move_to_another_kind_within_their_stay() -> None:
    motion, kinds = Motion("fillwire"), set()
    born: dict[str, int] = {}
    for slot in range(1, 40_000):
        born |= {founded.id: slot for founded in motion.births(slot)}
        for migration in motion.migrations(slot):
            assert migration.source.split(".")[0] != migration.kind.value
            assert migration.source.split(".")[1:] == migration.target.split(".")[1:]
            assert born[migration.source] < slot
            assert {newcomer.id for newcomer in motion.newcomers(slot)} >= {migration.target}
            assert migration.source in {newcomer.id for newcomer in motion.newcomers(slot - 1)}
            kinds.add(migration.kind)
    assert kinds == set(DESTINATIONS)


def test_a_world_lives_through_a_migration_and_keeps_what_it_has() -> None:
    slot, migration = FIRST
    world = world_before(slot)
    totals = nonzero(world)
    source, held = world.live[migration.source], world.vaults[migration.source]
    world.step()
    assert migration.source not in world.live
    target = world.live[migration.target]
    assert nonzero(world) == totals
    assert all(after <= before for after, before in zip(world.vaults[migration.target], held, strict=True))
    assert (target.birth.slot, target.birth.origin) == (slot, Origin.MIGRATED)
    assert target.birth.at == datetime.fromtimestamp(STARTED, UTC) + timedelta(milliseconds=400 * slot)
    assert target.pool.spot_price() == pytest.approx(source.pool.spot_price(), rel=0.05)
    for _ in range(200):
        world.step()
        assert nonzero(world) == totals


def test_a_block_migrates_as_the_world_of_the_seed_does() -> None:
    slot, migration = FIRST
    world = world_before(slot)
    stretch = Stretch(dict(world.live), slot)
    world.step()
    stretch.move(Motion("fillwire"), slot, world.time)
    assert stretch.born.keys() == {migration.target}
    assert stretch.ended == [migration.source]
    assert {id_: replace(pool, flow_a=0, flow_b=0) for id_, pool in stretch.live.items()} == {
        id_: replace(pool, flow_a=0, flow_b=0) for id_, pool in world.live.items()
    }


def test_after_a_pause_liquidity_is_where_it_would_be() -> None:
    slot, migration = FIRST
    stretch = Stretch(dict(World(None).live), slot + 1_000)
    stretch.catch_up(Motion("fillwire"), range(1, slot + 1_000), ALWAYS.at)
    assert migration.target in stretch.live
    assert migration.source not in stretch.live
    known = {newcomer.id for newcomer in Motion("fillwire").newcomers(slot + 999)}
    assert stretch.live.keys() - World(None).live.keys() == known


def test_what_somebody_moved_by_hand_does_not_come_back_after_a_pause() -> None:
    slot, migration = FIRST
    world = world_before(slot - 10)
    stretch = Stretch(dict(world.live), slot + 500)
    moved = stretch.migrate(Migration(migration.source, PoolKind.RAYDIUM_AMM_V4, 1_000_050), world.slot, world.time)
    assert moved is not None
    stretch.catch_up(Motion("fillwire"), range(world.slot + 1, slot + 500), ALWAYS.at)
    assert moved in stretch.live
    assert not {migration.source, migration.target} & stretch.live.keys()


def nonzero(world: World) -> dict[str, int]:
    return {mint: total for mint, total in world.totals().items() if total}


def world_before(slot: int) -> World:
    """The default market with its newcomers, which have not traded, at the end of the slot before this one."""
    world = World(Motion("fillwire"))
    world.slot = slot - 1
    for newcomer in Motion("fillwire").newcomers(slot - 1):
        world.found(newcomer.founded)
    return world
