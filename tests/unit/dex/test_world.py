"""A market in memory keeps what it is given, and is the same again for the same seed and transactions."""

import statistics
from collections.abc import Iterator

import pytest

from fillwire_dex import Direction, Instruction, Landed, PoolKind, RefusalReason, Refused, Transaction, router, tokens
from fillwire_dex.simulated import genesis
from fillwire_dex.simulated.live import LivePool
from fillwire_dex.simulated.motion import Motion, Noise, Owner
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.simulated.world import TRADERS, World
from fillwire_dex.terms import ExactIn

SOL, USDC = tokens.SOL.mint, tokens.USDC.mint


def order(pool_id: str, token_in: str, token_out: str, amount_in: int, *, least: int = 1) -> Transaction:
    leg = Instruction(pool_id, token_in, token_out, amount_in, 0)
    return Transaction("5ign", b"", "o:1", 1_000_000, token_in, token_out, ExactIn(least), (leg,))


def some_orders(world: World, seed: str = "orders") -> Iterator[Transaction]:
    """One order every few slots, of up to a tenth of what the pool holds, on any pool either way."""
    streams = Streams(seed)
    slot = str(world.slot + 1)
    if streams.strikes(0.7, "none", slot):
        return
    pool_id = sorted(world.live)[int(streams.unit("pool", slot) * len(world.live))]
    live = world.live[pool_id]
    side = int(streams.unit("side", slot) * 2)
    sold, bought = ((live.token_a, live.token_b), (live.token_b, live.token_a))[side]
    yield order(pool_id, sold, bought, 1 + int(world.vaults[pool_id][side] * streams.unit("size", slot) ** 6 / 10))


def moving(seed: str = "fillwire", *, noise: Noise | None = None) -> World:
    return World(Motion(seed, noise=noise or Noise()))


def product(live: LivePool) -> int | None:
    """The k of pools that have one: reserves of a constant product over all prices."""
    kind, state = live.pool.kind, live.pool.state()
    ranged = kind is PoolKind.METEORA_DAMM_V2 and state["collect_fee_mode"] != "compounding"
    if ranged or kind in (PoolKind.RAYDIUM_CLMM, PoolKind.METEORA_DLMM, PoolKind.ORCA_WHIRLPOOL):
        return None
    held_a, held_b = live.pool.reserves()
    return held_a * held_b


def test_nothing_is_made_and_nothing_lost_in_any_slot() -> None:
    """Everybody trades a lot: users, chance and arbitrage on all kinds of pools, and pools come and go."""
    world = moving(noise=Noise(rate=0.3, share=0.003))
    totals = world.totals()
    landed = 0
    for _ in range(1_200):
        before = dict(world.live)
        landed += sum(isinstance(outcome, Landed) for outcome in world.step(tuple(some_orders(world))))
        assert {mint: total for mint, total in world.totals().items() if total} == totals
        for pool_id, live in world.live.items():
            if live is not before.get(pool_id):
                held, vaults = live.pool.reserves(), world.vaults[pool_id]
                assert vaults[0] >= held[0] >= 0
                assert vaults[1] >= held[1] >= 0
    assert landed > 250
    assert {owner for owner, _ in world.balances} == {*Owner, TRADERS}


@pytest.mark.parametrize(
    ("sold", "bought", "amount"),
    [
        (tokens.SOL, tokens.USDC, 10**11),
        (tokens.USDC, tokens.SOL, 3 * 10**9),
        (tokens.BONK, tokens.RAY, 10**10),
        (tokens.MSOL, tokens.USDT, 10**11),
        (tokens.USDT, tokens.USDC, 10**10),
    ],
)
def test_what_the_router_promises_is_what_lands(sold: tokens.Token, bought: tokens.Token, amount: int) -> None:
    """Through other tokens too, and for either fixed side."""
    world = moving()
    for _ in range(30):
        world.step()
    route = router.best(world.snapshot(sold, bought), amount_in=amount)
    order = Transaction.sign(route, min_amount_out=route.amount_out, reference="o:1", last_valid_slot=9_999)
    assert ends(world.execute(order)) == (amount, route.amount_out)
    route = router.best(world.snapshot(sold, bought), amount_out=amount // 2)
    order = Transaction.sign(route, max_amount_in=route.amount_in, reference="o:2", last_valid_slot=9_999)
    assert ends(world.execute(order)) == (route.amount_in, amount // 2)


def ends(outcome: Landed | Refused) -> tuple[int, int]:
    """What an order that landed sold and bought."""
    assert isinstance(outcome, Landed)
    return outcome.amount_in, outcome.amount_out


def test_no_swap_makes_a_product_smaller() -> None:
    world = World(Motion("fillwire", noise=Noise(rate=0.5, share=0.001), loan_chance=0))
    products = {pool_id: product(live) for pool_id, live in world.live.items()}
    assert len({world.live[pool_id].pool.kind for pool_id, k in products.items() if k}) == 3
    for _ in range(250):
        world.step(tuple(some_orders(world)))
        for pool_id, live in world.live.items():
            before, after = products.get(pool_id), product(live)
            assert before is None or after is None or before <= after
            products[pool_id] = after


def test_the_same_seed_and_orders_give_the_same_world_to_the_last_byte() -> None:
    one, other = moving(), moving()
    for _ in range(200):
        assert one.step(tuple(some_orders(one))) == other.step(tuple(some_orders(other)))
    assert one.digest() == other.digest()


def test_another_seed_and_other_orders_give_another_world() -> None:
    worlds = [moving(), moving("another"), moving()]
    for _ in range(20):
        for world, orders in zip(worlds, ("none", "none", "some"), strict=True):
            world.step(tuple(some_orders(world)) if orders == "some" else ())
    assert len({world.digest() for world in worlds}) == 3


def test_a_digest_tells_apart_whatever_differs() -> None:
    worlds = [World(None) for _ in range(5)]
    _, owes, has, later, fewer = worlds
    owes.balances[TRADERS, SOL] = -1
    has.balances[TRADERS, SOL] = 1
    later.slot = 1
    fewer.live.popitem()
    assert len({world.digest() for world in worlds}) == 5
    assert World(None).digest() == World(None).digest()


def test_whoever_takes_over_in_any_slot_goes_on_alike() -> None:
    """As processes do that produce blocks of any length in turn: each has a Motion of its own."""
    alone, shared = moving(), moving()
    processes = [Motion("fillwire") for _ in range(3)]
    for slot in range(200):
        alone.step()
        shared.motion = processes[slot * slot // 7 % 3]
        shared.step()
    assert alone.digest() == shared.digest()


def test_a_world_that_does_not_move_changes_by_orders_only() -> None:
    world = World(None)
    before = dict(world.live)
    assert world.step() == []
    assert world.live == before
    (outcome,) = world.step([order("raydium_amm_v4.SOL-USDC.1", SOL, USDC, 10**9)])
    quote = before["raydium_amm_v4.SOL-USDC.1"].pool.quote_exact_in(Direction.A_TO_B, 10**9, now=world.now)
    assert isinstance(outcome, Landed)
    assert outcome.amount_out == quote.amount_out
    assert world.balances == {(TRADERS, SOL): -(10**9), (TRADERS, USDC): quote.amount_out}
    assert [pool_id for pool_id, live in world.live.items() if live != before[pool_id]] == ["raydium_amm_v4.SOL-USDC.1"]


def test_a_refused_order_changes_nothing() -> None:
    world = World(None)
    before = dict(world.live)
    (outcome,) = world.step([order("raydium_amm_v4.SOL-USDC.1", SOL, USDC, 10**9, least=10**12)])
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalReason.SLIPPAGE_EXCEEDED
    assert world.live == before
    assert not world.balances


def test_a_pool_that_ended_is_unknown_and_its_vaults_went_back() -> None:
    world = moving()
    totals = world.totals()
    ended = next(slot for slot in range(1, 100_000) if world.motion and world.motion.deaths(slot))
    newcomers = Motion("fillwire").newcomers(ended - 1)
    world.slot = ended - 1
    for newcomer in newcomers:
        world.found(newcomer.founded)
    assert world.totals().items() >= totals.items()
    assert world.motion
    (gone,) = (id_ for id_ in world.motion.deaths(ended) if id_ in world.live)
    live = world.live[gone]
    (outcome,) = world.step([order(gone, live.token_a, live.token_b, 1_000_000)])
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalReason.UNKNOWN_POOL
    assert gone not in world.vaults
    assert {mint: total for mint, total in world.totals().items() if total} == totals


def test_a_snapshot_has_every_pool_for_the_router() -> None:
    world = moving()
    world.step()
    snapshot = world.snapshot(tokens.SOL, tokens.USDC)
    assert [listing.id for listing in snapshot.listings] == sorted(pool.id for pool in genesis.pools())
    assert (snapshot.slot, snapshot.now) == (1, world.now)
    assert all(listing.pool == world.live[listing.id].pool for listing in snapshot.listings)


def test_prices_of_pools_scatter_over_the_band_of_their_fee_and_not_far_beyond() -> None:
    motion = Motion("fillwire")
    world, beyond, inside = World(motion), [], []
    for _ in range(1_200):
        world.step()
        if world.slot % 60 == 0:
            values = motion.prices.unit_values(world.slot)
            for live in world.live.values():
                fair = values[live.token_a] / values[live.token_b]
                way = Direction.A_TO_B if live.pool.spot_price() > fair else Direction.B_TO_A
                off = abs(live.pool.spot_price() / fair - 1) * 10_000
                beyond.append(off - live.pool.fee_rate(way, now=world.now) * 10_000)
                inside.append(off)
    assert statistics.quantiles(beyond, n=50)[-1] < 20
    assert statistics.fmean(margin > 6 for margin in beyond) < 0.05
    assert statistics.median(inside) > 5


@pytest.mark.parametrize("slots", [1, 7])
def test_time_goes_with_the_slots(slots: int) -> None:
    world = World(None)
    began = world.now
    for _ in range(slots * 5):
        world.step()
    assert world.now - began == slots * 2
