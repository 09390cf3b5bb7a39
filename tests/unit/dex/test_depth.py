"""The depth of a pool is what it gives while its price goes one percent either way, whatever lies beyond."""

from dataclasses import replace
from math import sqrt

import pytest

from fillwire_dex import Direction, Pool, PoolKind, Unquotable, pools
from fillwire_dex.depth import depth
from fillwire_dex.pools import MeteoraDammV2, RaydiumClmm
from fillwire_dex.simulated import genesis
from fillwire_dex.simulated.founding import Founded
from tests.unit.dex import markets
from tests.unit.dex.markets import NOW

GENESIS = genesis.pools()
SMOOTH = [founded for founded in GENESIS if founded.kind is not PoolKind.METEORA_DLMM]


def decoded(founded: Founded) -> Pool:
    return pools.decode(founded.kind, founded.state)


def given(pool: Pool, direction: Direction) -> int:
    """What a pool gives, fees included, for the largest sale that leaves its price within a percent; by trying."""
    least, most = 1, 1 << 70
    while most - least > max(1, least >> 24):
        middle = (least + most) // 2
        least, most = (middle, most) if _stays(pool, direction, middle) else (least, middle)
    swap = pool.quote_exact_in(direction, least, now=NOW)
    return swap.amount_out + swap.fee_out


def _stays(pool: Pool, direction: Direction, amount_in: int) -> bool:
    try:
        after = pool.after(pool.quote_exact_in(direction, amount_in, now=NOW))
    except Unquotable:
        return False
    return 1 / 1.01 <= after.spot_price() / pool.spot_price() <= 1.01


def test_a_product_gives_half_a_percent_of_either_side() -> None:
    pool = markets.amm(reserve_a="50000000000000", reserve_b="8000000000000")
    assert depth(pool) == pytest.approx(2 * 8e12 * (1 - 1 / sqrt(1.01)), rel=1e-12)
    assert depth(pool) == pytest.approx(2 * 8e12 * 0.004963, rel=1e-3)


@pytest.mark.parametrize("founded", SMOOTH, ids=lambda founded: founded.id)
def test_the_depth_is_what_can_be_had_of_the_pool(founded: Founded) -> None:
    """A fee that stays in the pool, or that moves the price with it, takes up to its half of a percent of that."""
    pool = decoded(founded)
    had = given(pool, Direction.A_TO_B) + pool.spot_price() * given(pool, Direction.B_TO_A)
    assert depth(pool) == pytest.approx(had, rel=0.005)


def test_bins_count_as_far_as_their_steps_stay_within_the_percent() -> None:
    pool = markets.dlmm()
    near = range(pool.active_id - 10, pool.active_id + 11)
    held = [bin_.amounts() for bin_ in pool.bins if bin_.id in near]
    assert depth(pool) == pytest.approx(sum(a * pool.spot_price() + b for a, b in held), rel=1e-12)
    far = tuple(bin_ for bin_ in pool.bins if bin_.id not in near)
    assert depth(replace(pool, bins=far)) == 0


def test_liquidity_that_the_price_has_left_does_not_count() -> None:
    clmm = next(pool for founded in GENESIS if isinstance(pool := decoded(founded), RaydiumClmm))
    tick = clmm.place.ladder.ticks[-1].at + 100
    above = replace(clmm.place, sqrt_price=clmm.place.ladder.scale.sqrt_price_at(tick), tick=tick)
    left = replace(clmm, place=above)
    assert left.reserves()[1] > 0
    assert depth(left) == 0


def test_a_range_counts_to_its_end() -> None:
    pool = next(
        pool for founded in GENESIS if isinstance(pool := decoded(founded), MeteoraDammV2) and not pool.fees.compounding
    )
    whole = depth(pool)
    up_to_here = replace(pool, sqrt_max_price=pool.sqrt_price)
    assert depth(up_to_here) == pytest.approx(whole / 2, rel=1e-6)
    just_above = replace(pool, sqrt_max_price=int(pool.sqrt_price * sqrt(1.0001)))
    assert depth(just_above) == pytest.approx(whole * (0.5 + 0.005), rel=1e-2)


def test_a_kind_that_nobody_told_of_is_an_error() -> None:
    class Odd:
        kind = "odd"

    with pytest.raises(TypeError, match="odd"):
        depth(Odd())  # type: ignore[arg-type]
