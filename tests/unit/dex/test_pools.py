"""Every pool kind keeps the promises of `Pool`, whatever its state."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_dex import AmountTooSmall, Direction, InsufficientLiquidity, Pool, Segment, UnsupportedPool, pools
from fillwire_dex.pools import MeteoraDammV2, RaydiumAmmV4, RaydiumCpmm
from fillwire_dex.routing.ladder import output
from tests.unit.dex import markets
from tests.unit.dex.markets import BASE_FEE, DAMM_STATE, DYNAMIC_FEE, NOW, amm, clmm, cpmm, damm, dlmm, whirlpool

AMOUNTS = st.integers(1, 10**18)

EVERY_KIND = [amm(), cpmm(), damm(), dlmm(), clmm(), whirlpool()]


def curve_output(curve: tuple[Segment, ...], amount: int) -> float:
    """What the continuous curve gives for an input, filled best price first."""
    total, rest = 0.0, float(amount)
    for segment in curve:
        taken = min(rest, segment.capacity)
        total += output(segment, taken)
        rest -= taken
    return total


def invariant(pool: Pool) -> int:
    """The product that no swap may lower; for a price range, what its virtual reserves make of it."""
    match pool:
        case RaydiumAmmV4():
            return pool.reserve_a * pool.reserve_b
        case RaydiumCpmm():
            return pool.a.reserve * pool.b.reserve
        case MeteoraDammV2() if pool.fees.compounding:
            return pool.reserve_a * pool.reserve_b
        case _:
            raise AssertionError("a price range has no product")


@given(markets.pools(), markets.directions(), AMOUNTS)
def test_an_exact_out_quote_buys_what_its_own_input_would(pool: Pool, direction: Direction, amount: int) -> None:
    try:
        wanted = pool.quote_exact_out(direction, amount, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assert wanted.amount_out == amount
    assert pool.quote_exact_in(direction, wanted.amount_in, now=NOW).amount_out >= amount


@given(st.one_of(markets.amms(), markets.cpmms(), markets.damms(), markets.dlmms()), markets.directions(), AMOUNTS)
def test_asking_back_for_what_an_input_bought_never_costs_more(pool: Pool, direction: Direction, amount: int) -> None:
    try:
        bought = pool.quote_exact_in(direction, amount, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assume(bought.amount_out > 0)
    assert pool.quote_exact_out(direction, bought.amount_out, now=NOW).amount_in <= amount


@given(markets.pools(), markets.directions(), AMOUNTS)
def test_the_curve_never_lies_below_the_integer_quote(pool: Pool, direction: Direction, amount: int) -> None:
    try:
        quoted = pool.quote_exact_in(direction, amount, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assert quoted.amount_out <= curve_output(pool.segments(direction, now=NOW), amount) * (1 + 1e-12)


@given(markets.pools(), markets.directions(), AMOUNTS, AMOUNTS)
def test_more_input_never_buys_less(pool: Pool, direction: Direction, one: int, other: int) -> None:
    less, more = sorted((one, other))
    try:
        most = pool.quote_exact_in(direction, more, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assert pool.quote_exact_in(direction, less, now=NOW).amount_out <= most.amount_out


@given(st.one_of(markets.amms(), markets.cpmms(), markets.damms()), markets.directions(), AMOUNTS)
def test_no_swap_lowers_the_product_of_the_reserves(pool: Pool, direction: Direction, amount: int) -> None:
    assume(not isinstance(pool, MeteoraDammV2) or pool.fees.compounding)
    swap = pool.quote_exact_in(direction, amount, now=NOW)
    assert invariant(pool.after(swap)) >= invariant(pool)


@given(markets.pools(), markets.directions(), st.integers(1, 10**15))
def test_going_there_and_back_never_makes_a_profit(pool: Pool, direction: Direction, amount: int) -> None:
    back = Direction.B_TO_A if direction is Direction.A_TO_B else Direction.A_TO_B
    try:
        bought = pool.quote_exact_in(direction, amount, now=NOW)
        assume(bought.amount_out > 0)
        returned = pool.after(bought).quote_exact_in(back, bought.amount_out, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assert returned.amount_out <= amount


@given(markets.pools(), markets.directions(), st.integers(1, 10**15))
def test_a_state_survives_being_stored(pool: Pool, direction: Direction, amount: int) -> None:
    try:
        pool = pool.after(pool.quote_exact_in(direction, amount, now=NOW))
    except InsufficientLiquidity:
        assume(False)
    assert pools.decode(pool.kind, pool.state()) == pool


@pytest.mark.parametrize("pool", EVERY_KIND, ids=lambda pool: pool.kind)
@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_quoted_for_less_than_a_unit(pool: Pool, amount: int) -> None:
    with pytest.raises(AmountTooSmall):
        pool.quote_exact_in(Direction.A_TO_B, amount, now=NOW)
    with pytest.raises(AmountTooSmall):
        pool.quote_exact_out(Direction.A_TO_B, amount, now=NOW)


@pytest.mark.parametrize("pool", EVERY_KIND, ids=lambda pool: pool.kind)
@pytest.mark.parametrize("direction", Direction)
def test_no_pool_sells_all_it_has(pool: Pool, direction: Direction) -> None:
    with pytest.raises(InsufficientLiquidity):
        pool.quote_exact_out(direction, 10**16, now=NOW)


def test_a_swap_of_another_kind_is_not_applied() -> None:
    foreign = amm().quote_exact_in(Direction.A_TO_B, 1_000, now=NOW)
    with pytest.raises(TypeError):
        cpmm().after(foreign)
    with pytest.raises(TypeError):
        damm().after(foreign)
    with pytest.raises(TypeError):
        dlmm().after(foreign)
    with pytest.raises(TypeError):
        clmm().after(foreign)
    with pytest.raises(TypeError):
        whirlpool().after(clmm().quote_exact_in(Direction.A_TO_B, 1_000, now=NOW))


def test_a_fee_mode_that_cannot_be_carried_is_refused_at_construction() -> None:
    state = {**DAMM_STATE, "base_fee": {**BASE_FEE, "mode": "anything"}}
    with pytest.raises(UnsupportedPool, match="anything"):
        pools.decode("meteora_damm_v2", state)


@pytest.mark.parametrize(
    ("kind", "state"), [("uniswap", {}), ("raydium_cpmm", {}), ("raydium_amm_v4", {"reserve_a": "x"})]
)
def test_a_state_that_makes_no_sense_is_refused(kind: str, state: dict[str, str]) -> None:
    with pytest.raises(UnsupportedPool):
        pools.decode(kind, state)


def test_a_dynamic_fee_lags_the_price_by_one_swap_and_decays() -> None:
    reference = DAMM_STATE["sqrt_price_x64"]
    calm = damm(dynamic_fee={**DYNAMIC_FEE, "sqrt_price_reference": reference})
    first = calm.quote_exact_in(Direction.A_TO_B, 2 * 10**12, now=NOW)
    moved = calm.after(first)
    base = calm.fee_rate(Direction.A_TO_B, now=NOW)
    assert moved.fee_rate(Direction.A_TO_B, now=NOW) > base
    dust = moved.quote_exact_in(Direction.A_TO_B, 1_000, now=NOW + 1_000)
    assert moved.after(dust).fee_rate(Direction.A_TO_B, now=NOW + 1_000) == base


def test_a_scheduled_fee_falls_period_by_period() -> None:
    schedule = {"mode": "linear", "cliff_fee_numerator": "500000000", "number_of_period": 100,
                "period_frequency": "60", "reduction_factor": "4950000"}  # fmt: skip
    pool = damm(base_fee=schedule, activation_point=str(NOW))
    rates = [pool.fee_rate(Direction.A_TO_B, now=NOW + seconds) for seconds in (0, 59, 60, 6_000, 60_000)]
    assert rates == [0.5, 0.5, 0.49505, 0.005, 0.005]


@pytest.mark.parametrize("pool", EVERY_KIND, ids=lambda pool: pool.kind.value)
@pytest.mark.parametrize("direction", Direction)
def test_a_pool_never_pays_out_more_than_its_reserves(pool: Pool, direction: Direction) -> None:
    bought = pool.reserves()[direction is Direction.A_TO_B]
    with pytest.raises(InsufficientLiquidity):
        pool.quote_exact_out(direction, bought + 1, now=NOW)
    assert pool.quote_exact_out(direction, bought * 9 // 10, now=NOW).amount_out == bought * 9 // 10


@pytest.mark.parametrize("pool", EVERY_KIND, ids=lambda pool: pool.kind.value)
@pytest.mark.parametrize("direction", Direction)
def test_reserves_change_by_what_a_swap_moves(pool: Pool, direction: Direction) -> None:
    swap = pool.quote_exact_in(direction, 10**9, now=NOW)
    before, after = pool.reserves(), pool.after(swap).reserves()
    sold = direction is Direction.B_TO_A
    assert 0 <= before[not sold] - after[not sold] - swap.amount_out <= swap.fee_out + 1
    assert 0 <= swap.amount_in - (after[sold] - before[sold]) <= swap.fee_in + 1
