"""The first pools are whole, of every kind, and leave nobody anything to take."""

import json
from decimal import Decimal
from math import isinf

import pytest

from fillwire_dex import Direction, InsufficientLiquidity, PoolKind, Segment, pools, tokens
from fillwire_dex.simulated import founding, genesis
from fillwire_dex.simulated.founding import Founded, Plan
from fillwire_dex.simulated.motion import Motion, Noise, Prices
from fillwire_dex.simulated.world import World
from tests.unit.dex.markets import NOW

FOUNDED = genesis.pools()


def plan(price: str = "160", depth: int = 1_000_000, pair: tuple[tokens.Token, tokens.Token] | None = None) -> Plan:
    token_a, token_b = pair or (tokens.SOL, tokens.USDC)
    return Plan(7, token_a, token_b, Decimal(price), depth)


BUILT = (
    founding.amm_v4(plan()),
    founding.cpmm(plan(), trade_fee_rate=2_500),
    founding.damm_v2(plan(), fee_numerator=2_500_000, width=4),
    founding.damm_v2_compounding(plan(), fee_numerator=2_500_000),
    founding.clmm(plan(), tick_spacing=10, trade_fee_rate=500, narrowest=100),
    founding.clmm(plan(), tick_spacing=60, trade_fee_rate=2_500, narrowest=240, dynamic=True, only_b=True),
    founding.whirlpool(plan(), tick_spacing=4, fee_rate=400, narrowest=80),
    founding.dlmm(plan(), bin_step=10),
    founding.dlmm(plan(), bin_step=4, limit_orders=True),
    founding.dlmm(plan(), bin_step=80, only_b=True),
)


@pytest.mark.parametrize("founded", [*FOUNDED, *BUILT], ids=lambda founded: founded.id)
def test_a_founded_pool_is_stored_as_it_is_read(founded: Founded) -> None:
    pool = pools.decode(founded.kind, founded.state)
    stored = json.loads(json.dumps(dict(pool.state())))
    assert stored.items() >= json.loads(json.dumps(dict(founded.state))).items()
    assert pools.decode(founded.kind, stored) == pool


@pytest.mark.parametrize("founded", [*FOUNDED, *BUILT], ids=lambda founded: founded.id)
def test_the_vaults_hold_what_the_curve_can_owe_and_not_a_unit_more(founded: Founded) -> None:
    pool = pools.decode(founded.kind, founded.state)
    held_a, held_b = pool.reserves()
    assert founded.vault_a == pytest.approx(held_a, abs=2)
    assert founded.vault_b == pytest.approx(held_b, abs=2)
    assert founded.vault_a >= held_a
    assert founded.vault_b >= held_b


def all_of(segment: Segment) -> float:
    """What selling all that a piece of a curve takes brings."""
    if isinf(segment.capacity):
        return segment.price * segment.depth
    return segment.price * segment.capacity / (1 + segment.capacity / segment.depth)


@pytest.mark.parametrize("founded", [*FOUNDED, *BUILT], ids=lambda founded: founded.id)
def test_nobody_gets_more_out_of_a_founded_pool_than_its_vault(founded: Founded) -> None:
    pool = pools.decode(founded.kind, founded.state)
    for direction, vault in ((Direction.A_TO_B, founded.vault_b), (Direction.B_TO_A, founded.vault_a)):
        curve = pool.segments(direction, now=NOW)
        assert sum(map(all_of, curve)) <= vault * (1 + 1e-12) + 1
        with pytest.raises(InsufficientLiquidity):
            pool.quote_exact_out(direction, vault + 1, now=NOW)


@pytest.mark.parametrize("founded", BUILT, ids=lambda founded: founded.id)
def test_a_pool_has_the_price_and_the_depth_of_its_plan(founded: Founded) -> None:
    pool = pools.decode(founded.kind, founded.state)
    step = int(str(founded.state.get("bin_step", 0))) / 10_000
    assert pool.spot_price() * 1_000 == pytest.approx(160, rel=max(step / 2 * 1.01, 1e-9))
    assert founded.vault_b == pytest.approx(1_000_000 * 10**6, rel=0.08)
    assert founded.id.endswith(".SOL-USDC.7")


@pytest.mark.parametrize("price", ["0.00000000012", "0.31", "1", "7", "1234567"])
@pytest.mark.parametrize("pair", [(tokens.SOL, tokens.USDC), (tokens.BONK, tokens.SOL), (tokens.USDC, tokens.USDT)])
def test_a_bin_or_a_tick_is_found_for_any_price(pair: tuple[tokens.Token, tokens.Token], price: str) -> None:
    wanted = plan(price, 3_000, pair)
    for founded in (founding.dlmm(wanted, bin_step=1), founding.dlmm(wanted, bin_step=80)):
        step = int(str(founded.state["bin_step"])) / 10_000
        spot = pools.decode(founded.kind, founded.state).spot_price()
        assert spot == pytest.approx(float(wanted.raw_price), rel=step / 2 * 1.01)


def test_liquidity_is_densest_at_the_price_and_reaches_far_from_it() -> None:
    """Two percent of the price take more than a fiftieth of what is there, and a fifth of it does not run dry."""
    for founded in BUILT[4:]:
        pool = pools.decode(founded.kind, founded.state)
        near = sum(
            segment.capacity
            for segment in pool.segments(Direction.B_TO_A, now=NOW)
            if 1 / segment.price < pool.spot_price() * 1.02
        )
        assert near > founded.vault_b * 0.02
        reach = pool.segments(Direction.B_TO_A, now=NOW)[-1].price
        assert 1 / reach > pool.spot_price() * 1.2


def test_the_active_bin_holds_both_tokens() -> None:
    state = founding.dlmm(plan(), bin_step=10).state
    (active,) = (bin_ for bin_ in state["bins"] if bin_["id"] == state["active_id"])
    assert int(active["amount_x"]) * 0.16 == pytest.approx(int(active["amount_y"]), rel=0.001)


@pytest.mark.parametrize("spacing", [1, 4, 64])
def test_positions_end_at_multiples_of_the_spacing_and_around_the_price(spacing: int) -> None:
    for founded in (
        founding.whirlpool(plan(), tick_spacing=spacing, fee_rate=400, narrowest=80),
        founding.clmm(plan(), tick_spacing=spacing, trade_fee_rate=400, narrowest=80),
    ):
        ticks = [tick["tick"] for tick in founded.state["ticks"]]
        current = founded.state["tick_current"]
        assert all(tick % spacing == 0 for tick in ticks)
        assert 80 <= min(current - tick for tick in ticks if tick < current) < 80 + spacing
        assert 80 <= min(tick - current for tick in ticks if tick > current) <= 80 + spacing
        assert sum(int(tick["liquidity_net"]) for tick in founded.state["ticks"]) == 0


def test_a_dynamic_fee_starts_from_where_the_price_is() -> None:
    state = founding.clmm(plan(), tick_spacing=60, trade_fee_rate=2_500, narrowest=240, dynamic=True).state
    assert state["dynamic_fee"]["tick_spacing_index_reference"] == state["tick_current"] // 60
    state = founding.dlmm(plan(), bin_step=10).state
    assert state["index_reference"] == state["active_id"]


def test_limit_orders_rest_on_both_sides_of_the_price() -> None:
    state = founding.dlmm(plan(), bin_step=4, limit_orders=True).state
    sides = {
        bin_["limit_order"]["ask_side"]: bin_["id"] - state["active_id"]
        for bin_ in state["bins"]
        if "limit_order" in bin_
    }
    assert sides[True] > 0 > sides[False]


def test_a_dynamic_fee_rises_with_volatility_and_comes_back() -> None:
    pool = pools.decode(PoolKind.METEORA_DLMM, founding.dlmm(plan(), bin_step=10).state)
    calm = pool.fee_rate(Direction.A_TO_B, now=NOW)
    moved = pool.after(pool.quote_exact_in(Direction.A_TO_B, 2 * 10**12, now=NOW))
    assert calm == 0.001
    assert moved.fee_rate(Direction.A_TO_B, now=NOW + 1) > 0.0012
    assert moved.fee_rate(Direction.A_TO_B, now=NOW + 3_600) == calm


def test_every_kind_has_two_pools_of_sol_and_usdc() -> None:
    direct = {founded.kind for founded in FOUNDED if (founded.token_a, founded.token_b) == (tokens.SOL, tokens.USDC)}
    assert direct == set(PoolKind)
    assert 36 <= len(FOUNDED) <= 44


def test_every_token_but_that_of_the_newcomers_is_there_from_the_beginning() -> None:
    traded = {token for founded in FOUNDED for token in (founded.token_a, founded.token_b)}
    assert traded == {*tokens.ALL} - {tokens.WIF}


def test_ids_are_unique() -> None:
    assert len({founded.id for founded in FOUNDED}) == len(FOUNDED)


def test_every_first_price_is_within_its_pools_fee_of_the_fair_one() -> None:
    """Then no two pools, and no ring of them, leave anything to take: whoever goes around pays more in fees."""
    values = Prices("any").unit_values(0)
    for founded in FOUNDED:
        pool = pools.decode(founded.kind, founded.state)
        off = pool.spot_price() / (values[founded.token_a.mint] / values[founded.token_b.mint])
        kept = 1 - pool.fee_rate(Direction.A_TO_B, now=NOW)
        assert kept <= off * (1 + 1e-12), founded.id
        assert off * kept <= 1 + 1e-12, founded.id


def test_arbitrage_has_nothing_to_do_in_the_first_slot() -> None:
    motion = Motion("fillwire", noise=Noise(rate=0))
    world = World(None)
    assert motion.advance(0, world.now, world.live).moved == {}
