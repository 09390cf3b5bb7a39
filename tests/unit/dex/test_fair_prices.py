"""Fair prices can be asked for any slot, and run as real ones do."""

import math
import statistics
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fillwire_dex import tokens
from fillwire_dex.simulated.motion import COURSES, DAY_SLOTS, Prices
from fillwire_dex.simulated.motion.growth import growth
from fillwire_dex.simulated.motion.path import Path
from fillwire_dex.simulated.streams import Streams

MEMORY_SLOTS = 40


def path(seed: str = "paths", *, spread: float = 1.0, memory_slots: int = MEMORY_SLOTS) -> Path:
    """A path that forgets within a test's time."""
    return Path(Streams(seed), "a path", spread=spread, memory_slots=memory_slots)


def correlation(values: list[float], lag: int) -> float:
    """How much values resemble those `lag` later, around the mean 0."""
    together = sum(x * y for x, y in zip(values, values[lag:], strict=False)) / (len(values) - lag)
    return together / statistics.fmean(x * x for x in values)


@given(st.floats(-10, 10))
@example(0.0)
def test_growth_is_the_exponential(exponent: float) -> None:
    assert growth(exponent) == pytest.approx(math.exp(exponent), rel=1e-12)


def test_bell_draws_have_mean_0_and_variance_1_and_no_far_tails() -> None:
    draws = [Streams("bells").bell("a bell", str(turn)) for turn in range(20_000)]
    assert abs(statistics.fmean(draws)) < 0.03
    assert statistics.pvariance(draws) == pytest.approx(1, rel=0.04)
    assert statistics.fmean(draw**4 for draw in draws) == pytest.approx(3, rel=0.1)
    assert max(map(abs, draws)) < 6


def test_a_path_starts_at_0() -> None:
    assert [path(seed).at(0) for seed in ("a", "b", "c")] == [0, 0, 0]


def test_a_path_has_one_value_in_a_slot_whatever_was_asked_before() -> None:
    slots = [7, 5_000_000, 0, 1_023, 1_024, 1_025, 8, 7, 64, 999_999_999]
    one_after_another = path()
    assert [one_after_another.at(slot) for slot in slots] == [path().at(slot) for slot in slots]


def test_a_path_that_is_followed_is_the_path_that_is_asked_at_random() -> None:
    followed = path()
    along = [followed.at(slot) for slot in range(3_000)]
    assert [path().at(slot) for slot in range(0, 3_000, 37)] == along[::37]


def test_a_path_has_the_spread_and_the_memory_it_was_given() -> None:
    """20,000 slots are 500 times the memory; the estimates are within a tenth of what they estimate."""
    followed = path(spread=2.0)
    values = [followed.at(slot) for slot in range(5_000, 25_000)]
    assert abs(statistics.fmean(values)) < 0.4
    assert statistics.pstdev(values) == pytest.approx(2, rel=0.1)
    assert correlation(values, 1) == pytest.approx(1 - 1 / MEMORY_SLOTS, abs=0.01)
    assert correlation(values, MEMORY_SLOTS) == pytest.approx(1 / math.e, abs=0.1)
    assert abs(correlation(values, 10 * MEMORY_SLOTS)) < 0.15


def test_a_step_of_a_path_is_independent_of_the_step_before_and_as_large_everywhere() -> None:
    followed = path()
    decay = 1 - 1 / MEMORY_SLOTS
    values = [followed.at(slot) for slot in range(8_193)]
    steps = [after - decay * before for before, after in pairwise(values)]
    spread = math.sqrt(1 - decay**2)
    assert abs(correlation(steps, 1)) < 0.04
    assert statistics.pstdev(steps) == pytest.approx(spread, rel=0.03)
    at_halves = [steps[slot] for slot in range(len(steps)) if (slot + 1) % 128 == 0]
    assert statistics.pstdev(at_halves) == pytest.approx(spread, rel=0.3)
    assert max(map(abs, steps)) < 6 * spread


def test_a_path_near_its_start_moves_as_chance_moves_it() -> None:
    ends = [path(str(seed)).at(10) for seed in range(2_000)]
    decay = 1 - 1 / MEMORY_SLOTS
    assert statistics.pstdev(ends) == pytest.approx(math.sqrt(1 - decay**20), rel=0.05)


@pytest.mark.parametrize("token", tokens.ALL, ids=lambda token: token.symbol)
def test_every_token_starts_at_its_founding_price(token: tokens.Token) -> None:
    founding = 1.0 if token == tokens.USDC else COURSES[token].price
    assert Prices("fillwire").fair(token.symbol, 0) == founding


def test_no_price_runs_away_in_a_year() -> None:
    prices = Prices("fillwire")
    for slot in range(0, 365 * DAY_SLOTS, 5 * DAY_SLOTS):
        for token, course in COURSES.items():
            follows = COURSES[course.follows].spread if course.follows else 0
            moved = math.log(prices.fair(token.mint, slot) / course.price)
            assert abs(moved) < 5 * math.hypot(course.spread, follows)


def test_a_price_moves_in_a_slot_by_no_more_than_a_few_basis_points() -> None:
    prices = Prices("fillwire")
    for token, course in COURSES.items():
        leader = COURSES.get(course.follows) if course.follows else None
        step = math.hypot(*(c.spread * math.sqrt(2 / c.memory_slots) for c in (course, leader) if c))
        values = [prices.fair(token.symbol, slot) for slot in range(50_000, 52_000)]
        moves = [math.log(after / before) for before, after in pairwise(values)]
        assert statistics.pstdev(moves) == pytest.approx(step, rel=0.1)
        assert max(map(abs, moves)) < 6 * step


def test_a_follower_keeps_its_ratio_to_the_token_it_follows() -> None:
    prices = Prices("fillwire")
    days = range(0, 30 * DAY_SLOTS, DAY_SLOTS)
    ratios = [prices.fair("mSOL", slot) / prices.fair("SOL", slot) for slot in days]
    assert all(ratio == pytest.approx(1.301, rel=0.005) for ratio in ratios)
    assert len(set(ratios)) == len(ratios)


def test_prices_differ_by_seed_and_not_by_what_other_tokens_do() -> None:
    alone = Prices("fillwire", {tokens.SOL: COURSES[tokens.SOL]})
    assert alone.fair("SOL", 12_345) == Prices("fillwire").fair("SOL", 12_345)
    assert alone.fair("SOL", 12_345) != Prices("another").fair("SOL", 12_345)


def test_a_price_is_the_same_number_in_another_process() -> None:
    code = "from fillwire_dex.simulated.motion import Prices; print(Prices('fillwire').fair('BONK', 777_777).hex())"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert printed.strip() == Prices("fillwire").fair("BONK", 777_777).hex()
