"""Meteora DLMM, beyond what every pool promises: its bins, its fee, its orders and its curve."""

from dataclasses import replace
from itertools import pairwise
from math import inf, isclose
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_dex import Direction, InsufficientLiquidity, Segment, UnsupportedPool, pools
from fillwire_dex.pools import MeteoraDlmm
from fillwire_dex.pools.dlmm_bins import Bin
from fillwire_dex.pools.dlmm_price import bin_price
from tests.unit.dex import markets
from tests.unit.dex.markets import DLMM_STATE, NOW, dlmm

A_TO_B, B_TO_A = Direction.A_TO_B, Direction.B_TO_A
ACTIVE = int(DLMM_STATE["active_id"])
UNIT = 10**9
ALL = 10**60
OWED = {"ask_side": True, "open": "-1", "processed_remaining": "0"}
AMOUNTS = st.integers(1, 19).flatmap(lambda digits: st.integers(1, 10**digits))


def ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def ahead(pool: MeteoraDlmm, direction: Direction) -> list[Bin]:
    """The bins that hold what is bought, in the order a swap meets them."""
    down = direction is A_TO_B
    met = [each for each in pool.bins if (each.id <= pool.active_id if down else each.id >= pool.active_id)]
    return [each for each in (reversed(met) if down else met) if any(each.tiers(direction))]


def rate_at(pool: MeteoraDlmm, bin_id: int) -> int:
    """The fee rate of a bin in a swap now, from the venue's description of it."""
    fees, stored = pool.fees, pool.volatility
    elapsed = NOW - stored.last_update_timestamp
    volatility, origin = stored.reference.volatility, stored.reference.bin_id
    if elapsed >= fees.filter_period:
        origin = pool.active_id
        volatility = stored.accumulator * fees.reduction_factor // 10_000 if elapsed < fees.decay_period else 0
    volatility = min(volatility + abs(origin - bin_id) * 10_000, fees.max_volatility_accumulator)
    variable = ceil_div(fees.variable_fee_control * (volatility * fees.bin_step) ** 2, 10**11)
    base = fees.base_factor * fees.bin_step * 10 * int(10**fees.base_fee_power_factor)
    return min(base + variable, UNIT // 10)


def fill(each: Bin, direction: Direction, amount_in: int) -> tuple[int, int]:
    """What a bin leaves of an input without fees, and what it gives for the rest, tier by tier."""
    given = 0
    for held in each.tiers(direction):
        most = ceil_div(held << 64, each.price) if direction is A_TO_B else ceil_div(held * each.price, 1 << 64)
        taken = min(amount_in, most)
        bought = taken * each.price >> 64 if direction is A_TO_B else (taken << 64) // each.price
        given += held if taken == most else bought
        amount_in -= taken
    return amount_in, given


def walked(pool: MeteoraDlmm, direction: Direction, amount_in: int) -> tuple[int, int, int]:
    """What a swap takes, gives and pays in fees, one bin after the other as the program goes."""
    left, total_out, total_fee = amount_in, 0, 0
    for each in ahead(pool, direction):
        if left == 0:
            break
        rate = rate_at(pool, each.id)
        fee = ceil_div(left * rate, UNIT) if pool.fees.on_input(direction) else 0
        rest, given = fill(each, direction, left - fee)
        taken = left - fee - rest
        if not pool.fees.on_input(direction):
            fee = ceil_div(given * rate, UNIT)
            left, given = rest, given - fee
        elif rest:
            fee = ceil_div(taken * rate, UNIT - rate)
            left -= taken + fee
        else:
            left = 0
        total_out += given
        total_fee += fee if taken else 0
    return amount_in - left, total_out, total_fee


def edges(pool: MeteoraDlmm, direction: Direction) -> list[int]:
    """The inputs that drain the first bin, the first two and so on."""
    bins = ahead(pool, direction)
    parts = [sorted(bins[:count], key=lambda each: each.id) for count in range(1, len(bins) + 1)]
    return [replace(pool, bins=tuple(part)).quote_partial_in(direction, ALL, now=NOW).amount_in for part in parts]


def curve_output(curve: tuple[Segment, ...], amount: int) -> float:
    total, rest = 0.0, float(amount)
    for segment in curve:
        total += segment.price * min(rest, segment.capacity)
        rest -= min(rest, segment.capacity)
    return total


@given(markets.dlmms(), markets.directions(), AMOUNTS)
def test_a_quote_equals_the_walk_from_bin_to_bin(pool: MeteoraDlmm, direction: Direction, amount: int) -> None:
    assume(ahead(pool, direction))
    quoted = pool.quote_partial_in(direction, amount, now=NOW)
    assert (quoted.amount_in, quoted.amount_out, quoted.fee_in + quoted.fee_out) == walked(pool, direction, amount)
    assert quoted.lp_fee + quoted.protocol_fee == quoted.fee_in + quoted.fee_out


@given(markets.dlmms(), markets.directions(), st.data())
def test_a_quote_at_the_edge_of_a_bin_equals_the_walk(
    pool: MeteoraDlmm, direction: Direction, data: st.DataObject
) -> None:
    assume(ahead(pool, direction))
    amount = max(data.draw(st.sampled_from(edges(pool, direction))) + data.draw(st.integers(-3, 3)), 1)
    quoted = pool.quote_partial_in(direction, amount, now=NOW)
    assert (quoted.amount_in, quoted.amount_out, quoted.fee_in + quoted.fee_out) == walked(pool, direction, amount)
    assert quoted.amount_out <= curve_output(pool.segments(direction, now=NOW), amount) * (1 + 1e-12)


@given(markets.dlmms(), markets.directions(), AMOUNTS)
def test_an_exact_out_quote_is_the_cheapest_input(pool: MeteoraDlmm, direction: Direction, amount: int) -> None:
    try:
        asked = pool.quote_exact_out(direction, amount, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assert walked(pool, direction, asked.amount_in)[1] >= amount
    assert walked(pool, direction, asked.amount_in - 1)[1] < amount


@given(markets.dlmms(), markets.directions(), AMOUNTS, AMOUNTS)
def test_a_quote_does_not_depend_on_the_quotes_before_it(
    pool: MeteoraDlmm, direction: Direction, one: int, other: int
) -> None:
    assume(ahead(pool, direction))
    asked = replace(pool).quote_partial_in(direction, one, now=NOW)
    pool.segments(direction, now=NOW)
    pool.quote_partial_in(direction, other, now=NOW)
    again = pool.quote_partial_in(direction, one, now=NOW)
    assert (again.amount_in, again.amount_out, again.fee_in, again.fee_out) == (
        asked.amount_in,
        asked.amount_out,
        asked.fee_in,
        asked.fee_out,
    )
    assert pool.after(again) == replace(pool).after(asked)


@given(markets.dlmms(), markets.directions(), AMOUNTS)
def test_what_a_swap_moves_leaves_the_bins_or_is_a_fee(pool: MeteoraDlmm, direction: Direction, amount: int) -> None:
    assume(ahead(pool, direction) and not any(each.orders for each in pool.bins))
    swap = pool.quote_partial_in(direction, amount, now=NOW)
    before, after = pool.reserves(), pool.after(swap).reserves()
    bought = int(direction is A_TO_B)
    assert before[bought] - after[bought] == swap.amount_out + swap.fee_out
    assert 0 <= swap.amount_in - swap.fee_in - (after[1 - bought] - before[1 - bought]) <= 1


@given(markets.dlmms(), markets.directions(), AMOUNTS)
def test_what_pays_for_limit_orders_leaves_the_pool(pool: MeteoraDlmm, direction: Direction, amount: int) -> None:
    assume(ahead(pool, direction))
    swap = pool.quote_partial_in(direction, amount, now=NOW)
    after = pool.after(swap)
    bought = int(direction is A_TO_B)
    assert pool.reserves()[bought] - after.reserves()[bought] == swap.amount_out + swap.fee_out
    assert after.reserves()[1 - bought] - pool.reserves()[1 - bought] <= swap.amount_in - swap.fee_in


@given(markets.dlmms(), markets.directions())
def test_the_curve_is_concave_and_holds_what_the_bins_hold(pool: MeteoraDlmm, direction: Direction) -> None:
    curve = pool.segments(direction, now=NOW)
    assert all(worse.price <= better.price for better, worse in pairwise(curve))
    assert all(segment.depth == inf for segment in curve)
    kept = 0.0
    for each in ahead(pool, direction):
        fee = 0 if pool.fees.on_input(direction) else rate_at(pool, each.id) / UNIT
        kept += sum(each.tiers(direction)) * (1 - fee)
    assert isclose(sum(segment.price * segment.capacity for segment in curve), kept, rel_tol=1e-9)


def test_away_from_the_reference_every_bin_is_a_piece_of_the_curve() -> None:
    pool = dlmm(index_reference=ACTIVE + 5, last_update_timestamp=NOW)
    curve = pool.segments(A_TO_B, now=NOW)
    prices = [each.price / 2**64 * (1 - rate_at(pool, each.id) / UNIT) for each in ahead(pool, A_TO_B)]
    assert [segment.price for segment in curve] == pytest.approx(prices, rel=1e-12)


def test_towards_the_reference_the_fee_falls_faster_than_the_price_and_the_curve_bridges_it() -> None:
    pool = dlmm(index_reference=ACTIVE - 30, last_update_timestamp=NOW, variable_fee_control=2_000_000)
    exact = [each.price / 2**64 * (1 - rate_at(pool, each.id) / UNIT) for each in ahead(pool, A_TO_B)]
    assert any(later > earlier for earlier, later in pairwise(exact))
    curve = pool.segments(A_TO_B, now=NOW)
    assert 1 < len(curve) < len(exact)
    quotes = [(edge, pool.quote_exact_in(A_TO_B, edge, now=NOW).amount_out) for edge in edges(pool, A_TO_B)]
    assert all(out <= curve_output(curve, edge) * (1 + 1e-12) for edge, out in quotes)
    assert sum(isclose(out, curve_output(curve, edge), rel_tol=1e-9) for edge, out in quotes) == len(curve)


@pytest.mark.parametrize(
    ("elapsed", "reference"), [(29, (20_000, ACTIVE + 3)), (30, (35_000, ACTIVE)), (599, (35_000, ACTIVE)), (600, (0, ACTIVE))]
)  # fmt: skip
def test_the_reference_stands_decays_and_is_forgotten(elapsed: int, reference: tuple[int, int]) -> None:
    pool = dlmm(
        volatility_accumulator=70_000,
        volatility_reference=20_000,
        index_reference=ACTIVE + 3,
        last_update_timestamp=NOW - elapsed,
    )
    after = pool.after(pool.quote_exact_in(A_TO_B, 1_000, now=NOW)).volatility
    assert (after.reference.volatility, after.reference.bin_id) == reference
    assert after.accumulator == reference[0] + 10_000 * (reference[1] - ACTIVE)


def test_a_last_unit_that_the_fee_eats_stays_in_the_drained_bin() -> None:
    bins = [{"id": each, "amount_x": "0", "amount_y": "9"} for each in (-1, 0)]
    pool = dlmm(active_id=0, bins=bins, base_fee_power_factor=2)
    assert pool.fee_rate(A_TO_B, now=NOW) == 0.1
    drained, eaten, further = (pool.quote_exact_in(A_TO_B, amount, now=NOW) for amount in (10, 11, 12))
    assert [(swap.amount_out, swap.fee_in) for swap in (drained, eaten, further)] == [(9, 1), (9, 2), (9, 2)]
    assert [pool.after(swap).active_id for swap in (drained, eaten, further)] == [0, 0, -1]


def test_only_a_swap_that_leaves_the_active_bin_is_timed() -> None:
    pool = dlmm()
    stays = pool.after(pool.quote_exact_in(A_TO_B, 10**9, now=NOW))
    assert (stays.active_id, stays.volatility.last_update_timestamp) == (ACTIVE, NOW - 86_400)
    leaves = pool.after(pool.quote_exact_in(A_TO_B, 3 * 10**12, now=NOW))
    assert (leaves.active_id, leaves.volatility.last_update_timestamp) == (ACTIVE - 2, NOW)
    assert leaves.volatility.accumulator == 20_000


def test_volatility_makes_the_next_swap_dearer_and_is_capped() -> None:
    pool = dlmm()
    assert pool.fee_rate(A_TO_B, now=NOW) == 0.001
    moved = pool.after(pool.quote_exact_in(A_TO_B, 10**13, now=NOW))
    assert moved.fee_rate(A_TO_B, now=NOW) == 0.001243
    wild = dlmm(volatility_reference=350_000, last_update_timestamp=NOW, variable_fee_control=10**9)
    assert wild.fee_rate(A_TO_B, now=NOW) == 0.1


def test_the_fee_is_taken_in_the_token_the_pool_names() -> None:
    sold = dlmm().quote_exact_in(A_TO_B, 10**9, now=NOW)
    assert (sold.fee_in, sold.fee_out) == (10**6, 0)
    only_y = dlmm(collect_fee_mode="only_y")
    down, up = only_y.quote_exact_in(A_TO_B, 10**9, now=NOW), only_y.quote_exact_in(B_TO_A, 10**9, now=NOW)
    assert (down.fee_in, down.fee_out) == (0, ceil_div(down.amount_out + down.fee_out, 1_000))
    assert (up.fee_in, up.fee_out) == (10**6, 0)


def test_the_protocol_earns_its_share_in_the_token_of_the_fee() -> None:
    pool = dlmm(collect_fee_mode="only_y")
    swap = pool.quote_exact_in(A_TO_B, 10**9, now=NOW)
    after = pool.after(swap)
    assert (after.protocol_fee_a, after.protocol_fee_b) == (0, swap.fee_out // 5)
    back = after.quote_exact_in(B_TO_A, 10**9, now=NOW)
    assert after.after(back).protocol_fee_b == swap.fee_out // 5 + back.fee_in // 5


def with_orders(**orders: Any) -> MeteoraDlmm:
    """A pool of one bin of price 1 that holds 100 of y beside its orders, without a fee."""
    only = {"id": 0, "amount_x": "0", "amount_y": "100", "limit_order": {"ask_side": False, **orders}}
    return dlmm(function_type="limit_order", base_factor=0, active_id=0, index_reference=0, bins=[only])


def test_orders_fill_after_the_market_makers_the_batch_in_progress_first() -> None:
    pool = with_orders(open="50", processed_remaining="30")
    assert pool.reserves() == (0, 180)
    after = pool.after(pool.quote_exact_in(A_TO_B, 110, now=NOW))
    [held] = after.bins
    assert (held.amount_a, held.amount_b) == (100, 0)
    assert held.orders is not None
    assert (held.orders.processed_remaining, held.orders.open) == (20, 50)


def test_a_swap_that_reaches_the_open_orders_makes_them_the_batch_in_progress() -> None:
    pool = with_orders(open="50", processed_remaining="30")
    after = pool.after(pool.quote_exact_in(A_TO_B, 150, now=NOW))
    [held] = after.bins
    assert held.orders is not None
    assert (held.orders.processed_remaining, held.orders.open) == (30, 0)
    with pytest.raises(InsufficientLiquidity):
        after.quote_exact_in(A_TO_B, 31, now=NOW)


def test_orders_of_the_other_side_are_not_for_sale() -> None:
    pool = with_orders(ask_side=True, open="50", processed_remaining="30")
    assert pool.quote_partial_in(A_TO_B, 1_000, now=NOW).amount_out == 100
    assert pool.quote_partial_in(B_TO_A, 1_000, now=NOW).amount_out == 80


def test_the_protocol_takes_half_of_what_orders_earn() -> None:
    orders = {"ask_side": False, "open": str(10**9), "processed_remaining": "0"}
    only = {"id": 0, "amount_x": "0", "amount_y": str(10**9), "limit_order": orders}
    pool = dlmm(function_type="limit_order", active_id=0, bins=[only], variable_fee_control=0)
    swap = pool.quote_exact_out(A_TO_B, 2 * 10**9, now=NOW)
    assert swap.fee_in == ceil_div(2 * 10**9, 999)
    assert swap.protocol_fee == swap.fee_in // 4 + swap.fee_in // 10 + 1


def test_output_drawn_by_rounding_goes_to_the_protocol_from_two_units_on() -> None:
    dear = dlmm(active_id=-1833, bins=[{"id": -1833, "amount_x": "1000", "amount_y": "0"}], base_factor=0)
    one_buys = dear.quote_exact_in(B_TO_A, 1, now=NOW).amount_out
    assert one_buys == 6
    surpluses = [dear.quote_exact_out(B_TO_A, wanted, now=NOW).protocol_fee for wanted in (4, 5, 6)]
    assert surpluses == [2, 0, 0]


def test_a_partial_quote_takes_what_the_bins_can_and_nothing_from_empty_ones() -> None:
    pool = dlmm()
    swap = pool.quote_partial_in(A_TO_B, ALL, now=NOW)
    assert swap.amount_out == pool.reserves()[1]
    with pytest.raises(InsufficientLiquidity):
        pool.quote_exact_in(A_TO_B, swap.amount_in + 1, now=NOW)
    with pytest.raises(InsufficientLiquidity):
        pool.after(swap).quote_partial_in(A_TO_B, 1, now=NOW)
    assert pool.after(swap).segments(A_TO_B, now=NOW) == ()


def test_prices_are_cut_where_the_program_cuts_them() -> None:
    assert bin_price(0, 25) == 1 << 64
    assert bin_price(-1780, 25) == 216631208432535877
    assert bin_price(-765, 80) == 41553983090970764
    assert bin_price(-1780, 25) != (10_000**1780 << 64) // 10_025**1780
    assert dlmm().spot_price() == pytest.approx(1.001**ACTIVE, rel=1e-12)


def test_every_price_differs_from_the_next_by_the_step() -> None:
    for step in (1, 10, 400):
        for bin_id in range(-300, 300):
            ratio = bin_price(bin_id + 1, step) / bin_price(bin_id, step)
            assert isclose(ratio, 1 + step / 10_000, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bins": [{"id": 1, "price_x64": "5", "amount_x": "1", "amount_y": "0"}]}, "not priced at 5"),
        ({"bins": [{"id": 2, "amount_x": "1", "amount_y": "0"}, {"id": 1, "amount_x": "1", "amount_y": "0"}]}, "order"),
        ({"bins": [{"id": 1, "amount_x": "-1", "amount_y": "0"}]}, "less than nothing"),
        ({"bins": [{"id": 1, "amount_x": "1", "amount_y": "0", "limit_order": OWED}]}, "less than nothing"),
        ({"bins": [{"id": 600_000, "amount_x": "1", "amount_y": "0"}]}, "no bin"),
        ({"bins": [{"id": -400_000, "amount_x": "1", "amount_y": "0"}], "bin_step": 400}, "no price"),
        ({"active_id": 600_000}, "no bin"),
        ({"function_type": "lottery"}, "lottery"),
        ({"collect_fee_mode": "only_x"}, "only_x"),
        ({"protocol_share": 10_001}, "whole"),
        ({"base_factor": -1}, "negative"),
    ],
)
def test_a_state_the_program_could_not_have_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UnsupportedPool, match=message):
        pools.decode("meteora_dlmm", {**DLMM_STATE, **changes})


def test_a_pair_that_pays_rewards_holds_no_orders() -> None:
    orders = {"ask_side": False, "open": "1", "processed_remaining": "0"}
    bins = [{"id": ACTIVE, "amount_x": "1", "amount_y": "0", "limit_order": orders}]
    with pytest.raises(UnsupportedPool, match="rewards"):
        dlmm(bins=bins)
    assert dlmm(bins=bins, function_type="undetermined").reserves() == (1, 1)
