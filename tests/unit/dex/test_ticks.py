"""Each venue's table of ticks is its own, rises, and is undone by its inverse."""

from hashlib import sha256
from math import isclose, log

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fillwire_dex.pools.concentrated.orca_ticks import ORCA
from fillwire_dex.pools.concentrated.raydium_ticks import RAYDIUM
from fillwire_dex.pools.concentrated.scale import LAST_TICK, ONE, TickScale

SCALES = pytest.mark.parametrize("scale", [RAYDIUM, ORCA], ids=["raydium", "orca"])
TICKS = st.integers(-LAST_TICK, LAST_TICK - 1)


@SCALES
@given(tick=TICKS)
@example(tick=-LAST_TICK)
@example(tick=-1)
@example(tick=0)
@example(tick=LAST_TICK - 1)
def test_sqrt_prices_rise_and_name_their_tick(scale: TickScale, tick: int) -> None:
    low, high = scale.sqrt_price_at(tick), scale.sqrt_price_at(tick + 1)
    assert low < high
    assert scale.tick_at(low) == tick
    assert scale.tick_at(high - 1) == tick
    assert scale.tick_at(high) == tick + 1


@SCALES
@given(tick=TICKS)
def test_sqrt_prices_are_those_of_the_formula_but_for_their_rounding(scale: TickScale, tick: int) -> None:
    assert isclose(log(scale.sqrt_price_at(tick) / ONE), tick * log(1.0001) / 2, rel_tol=1e-9, abs_tol=1e-9)


def test_each_venue_has_a_table_of_its_own() -> None:
    ends = (-LAST_TICK, LAST_TICK)
    assert [RAYDIUM.sqrt_price_at(tick) for tick in ends] == [4295048016, 79226673521066979257578248091]
    assert [ORCA.sqrt_price_at(tick) for tick in ends] == [4295048016, 79226673515401279992447579055]
    sampled = range(-LAST_TICK, LAST_TICK, 997)
    differing = sum(RAYDIUM.sqrt_price_at(tick) != ORCA.sqrt_price_at(tick) for tick in sampled)
    assert 0.9 < differing / len(sampled) < 0.92


@pytest.mark.parametrize(
    ("scale", "digest"), [(RAYDIUM, "77bfeb3f0528016a"), (ORCA, "2e7a8d4c90798d0d")], ids=["raydium", "orca"]
)
def test_no_number_of_a_table_has_changed(scale: TickScale, digest: str) -> None:
    powers = [sign << bit for bit in range(19) for sign in (-1, 1)]
    table = [scale.sqrt_price_at(tick) for tick in (*powers, *range(-LAST_TICK, LAST_TICK, 101))]
    assert sha256(repr(table).encode()).hexdigest()[:16] == digest
