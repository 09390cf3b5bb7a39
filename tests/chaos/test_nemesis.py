"""The nemesis is a function of its seed, spares nobody, and never strikes a target twice at once."""

from collections import Counter
from itertools import pairwise

import pytest

from fillwire_dex.simulated import FaultKind
from tests.chaos.faults import KINDS
from tests.chaos.nemesis import Strike, schedule

SEEDS = range(1, 21)


def storm(seed: int, seconds: float = 60.0) -> list[Strike]:
    return schedule(seed, seconds, list(KINDS.values()))


def test_the_same_seed_is_the_same_storm_and_another_seed_another() -> None:
    assert storm(7) == storm(7)
    assert storm(7) != storm(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_minute_holds_twenty_faults_of_fifteen_kinds_that_all_heal_in_time(seed: int) -> None:
    strikes = storm(seed)
    assert len(strikes) >= 20
    assert len({strike.kind for strike in strikes}) >= 15
    assert all(strike.at + strike.seconds <= 60 for strike in strikes)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_more_than_two_faults_hold_at_once_and_never_on_one_target(seed: int) -> None:
    strikes = storm(seed)
    for strike in strikes:
        others = [one for one in strikes if one is not strike and one.at <= strike.at < one.at + one.seconds]
        assert len(others) <= 1
        assert strike.target not in {one.target for one in others}


def test_every_kind_has_its_turn_before_one_has_a_third() -> None:
    counted = Counter(strike.kind for strike in storm(3, 600.0))
    assert counted.keys() == KINDS.keys()
    assert max(counted.values()) - min(counted.values()) <= max(counted.values()) // 2


def test_every_fault_of_the_simulated_market_is_among_them() -> None:
    assert {f"venue_{kind}" for kind in FaultKind} <= KINDS.keys()


def test_what_is_to_hold_for_long_holds_for_long() -> None:
    strikes = schedule(1, 100.0, [KINDS["valkey_killed"]], hold=60.0)
    assert [strike.seconds for strike in strikes] == [60.0]
    assert all(before.at <= after.at for before, after in pairwise(storm(5)))
