"""The market moves by itself: chance trades, liquidity and pools that come and go, and arbitrage."""

import math
import statistics
from collections import Counter
from dataclasses import replace

import pytest

from fillwire_dex import Direction, Pool, tokens
from fillwire_dex.simulated.live import LivePool
from fillwire_dex.simulated.motion import Flow, Motion, Noise, Owner, is_newcomer
from fillwire_dex.simulated.motion.flows import merged
from fillwire_dex.simulated.motion.lending import HALF_SLOTS, Lenders, Loan
from fillwire_dex.simulated.motion.newcomers import STRETCH_SLOTS
from fillwire_dex.simulated.motion.noise import turns
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.simulated.world import World
from tests.unit.dex import markets


def test_noise_comes_as_often_as_its_rate_says() -> None:
    noise, streams = Noise(rate=0.5), Streams("noise")
    counts = Counter(noise.trades(streams, "a pool", slot) for slot in range(20_000))
    assert sum(count * slots for count, slots in counts.items()) / 20_000 == pytest.approx(0.5, rel=0.04)
    assert counts[0] / 20_000 == pytest.approx(math.exp(-0.5), rel=0.03)
    assert counts[2] / 20_000 == pytest.approx(math.exp(-0.5) / 8, rel=0.1)


def test_noise_buys_as_often_as_it_sells_and_half_of_it_is_below_the_median() -> None:
    pool, noise, streams = markets.amm(), Noise(share=0.001), Streams("noise")
    swaps = [noise.swap(streams, "a pool", str(turn), pool, now=markets.NOW) for turn in range(2_000)]
    held = dict(zip((Direction.B_TO_A, Direction.A_TO_B), pool.reserves(), strict=True))
    shares = [swap.amount_out / held[swap.direction] for swap in swaps if swap]
    assert len(shares) == 2_000
    assert sum(swap is not None and swap.direction is Direction.A_TO_B for swap in swaps) == pytest.approx(
        1_000, abs=90
    )
    assert statistics.median(shares) == pytest.approx(0.001, rel=0.1)
    assert statistics.pstdev(map(math.log, shares)) == pytest.approx(1.4, rel=0.05)


def test_no_two_traders_of_noise_act_alike() -> None:
    pool, noise, streams = markets.amm(), Noise(), Streams("noise")
    keys = [*turns(3, 1), *turns(3, 11), *turns(3, 111)]
    swaps = {noise.swap(streams, pool_id, key, pool, now=markets.NOW) for key in keys for pool_id in ("one", "other")}
    assert len(swaps) == 18


def test_noise_that_a_pool_cannot_serve_does_nothing() -> None:
    empty = markets.amm(reserve_a="3", reserve_b="3")
    assert Noise().swap(Streams("noise"), "a pool", "1", empty, now=markets.NOW) is None


def test_the_timetable_of_newcomers_is_the_same_from_every_side() -> None:
    motion = Motion("fillwire")
    present: set[str] = set()
    ever: list[str] = []
    moved = 0
    for slot in range(1, 40_000):
        gone = motion.deaths(slot)
        assert len(present.intersection(gone)) == bool(gone)
        births = motion.births(slot)
        born = [founded.id for founded in births]
        present = present.difference(gone).union(born)
        for migration in motion.migrations(slot):
            present.remove(migration.source)
            present.add(migration.target)
            moved += 1
        ever.extend(born)
        assert len(present) <= 11
        if born or gone or slot % 4_000 == 0:
            there = Motion("fillwire").newcomers(slot)
            assert {newcomer.id for newcomer in there} == present
            assert [newcomer.founded for newcomer in there if newcomer.since == slot] == list(births)
    assert 3 < moved < len(ever)
    assert len(ever) == len(set(ever)) == pytest.approx(40_000 / STRETCH_SLOTS, abs=1)
    assert all(map(is_newcomer, ever))
    assert any(".WIF-" in pool_id for pool_id in ever)


def test_newcomers_trade_near_the_fair_price_of_their_first_slot() -> None:
    motion = Motion("fillwire")
    for slot in range(1, 30_000):
        for founded in motion.births(slot):
            values = motion.prices.unit_values(slot)
            fair = values[founded.token_a.mint] / values[founded.token_b.mint]
            assert World(None, [founded]).live[founded.id].pool.spot_price() == pytest.approx(fair, rel=0.04)


def test_the_first_pools_are_no_newcomers() -> None:
    assert not any(map(is_newcomer, (*World(None).live, "somebody's pool")))


def lent(pool: Pool, slots: int, *, chance: float = 1) -> list[tuple[int, LivePool]]:
    """What providers make of a pool in these slots, after each change."""
    lenders, live, changes = Lenders(Streams("loans"), chance=chance), live_pool(pool), []
    for slot in range(slots):
        after = lenders.visit("a pool", live, slot)
        if after:
            live = after
            changes.append((slot, live))
    return changes


def live_pool(pool: Pool) -> LivePool:
    return LivePool(pool.kind.value, tokens.SOL.mint, tokens.USDC.mint, 5, pool)


@pytest.mark.parametrize("pool", [markets.amm(), markets.cpmm(protocol_fees_a="1000")], ids=lambda pool: pool.kind)
def test_liquidity_comes_and_goes_at_the_price_and_leaves_its_rounding(pool: Pool) -> None:
    changes = lent(pool, 10 * 2 * HALF_SLOTS)
    assert len(changes) == 20
    held = pool.reserves()
    for number, (slot, live) in enumerate(changes):
        deeper = number % 2 == 0
        assert (slot // HALF_SLOTS) % 2 == number % 2
        assert live.version == 6 + number
        assert live.slot == slot
        assert live.pool.spot_price() == pytest.approx(pool.spot_price(), rel=1e-9)
        assert (live.flow_a, live.flow_b) == tuple(
            now - then for now, then in zip(live.pool.reserves(), held, strict=True)
        )
        depths = [now / then for now, then in zip(live.pool.reserves(), held, strict=True)]
        assert all(1.0005 < depth <= 1.2500001 if deeper else 1 <= depth < 1.000000001 for depth in depths)


def test_a_loan_is_rounded_in_favour_of_the_pool() -> None:
    loan = Loan(added=1, taken=2, share=20_000)
    assert loan.change(101, 1) == 3
    assert loan.change(104, 2) == -2


def test_who_lends_half_of_the_time_and_to_no_other_kind() -> None:
    assert len(lent(markets.amm(), 100 * 2 * HALF_SLOTS, chance=0.5)) == pytest.approx(100, abs=30)
    assert lent(markets.damm(), 10 * 2 * HALF_SLOTS) == []
    assert lent(markets.dlmm(), 10 * 2 * HALF_SLOTS) == []


def test_a_slot_does_not_depend_on_the_order_of_the_pools_nor_on_the_slots_before() -> None:
    world = World(None)
    live = dict(world.live)
    one = Motion("fillwire")
    for slot in (1, 2, 3):
        one.advance(slot, world.now, live)
    turned = dict(reversed(live.items()))
    assert one.advance(400, world.now, live) == Motion("fillwire").advance(400, world.now, turned)


def test_a_halted_pool_is_left_alone() -> None:
    live = {pool_id: replace(pool, halted=True) for pool_id, pool in World(None).live.items()}
    motion = Motion("fillwire", noise=Noise(rate=5))
    assert motion.advance(1, markets.NOW, live).moved == {}


def test_what_others_gain_in_a_slot_is_what_the_pools_give() -> None:
    live = World(None).live
    advance = Motion("fillwire", noise=Noise(rate=2)).advance(9_000, markets.NOW, live)
    gained: Counter[str] = Counter()
    for flow in advance.flows:
        gained[flow.mint] += flow.amount
    for pool in advance.moved.values():
        gained[pool.token_a] += pool.flow_a
        gained[pool.token_b] += pool.flow_b
    assert len(advance.moved) > len(live) / 2
    assert {flow.owner for flow in advance.flows} == {"noise", "arbitrage"}
    assert set(gained.values()) == {0}


def test_flows_of_an_owner_and_token_are_one_and_those_of_nothing_none() -> None:
    there = [Flow(Owner.NOISE, "a", 5), Flow(Owner.NOISE, "b", 3), Flow(Owner.ARBITRAGE, "a", -1)]
    back = [Flow(Owner.NOISE, "b", -3), Flow(Owner.NOISE, "a", 2)]
    assert merged([*there, *back]) == (Flow(Owner.ARBITRAGE, "a", -1), Flow(Owner.NOISE, "a", 7))


def test_at_most_a_fifth_of_the_pools_move_in_a_slot() -> None:
    world, motion = World(None), Motion("fillwire")
    moved = 0
    for slot in range(1, 501):
        advance = motion.advance(slot, world.now, world.live)
        world.live.update(advance.moved)
        moved += len(advance.moved)
    assert 0.04 < moved / 500 / len(world.live) < 0.2
