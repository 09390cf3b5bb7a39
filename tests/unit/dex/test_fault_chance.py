"""Seeded faults strike by seed, rate and what they befall."""

import pytest

from fillwire_dex.simulated import FaultKind, FaultRates
from fillwire_dex.simulated.faults import Rates, rating
from fillwire_dex.simulated.faults.chance import WINDOW_SLOTS, Chance
from fillwire_dex.simulated.streams import Streams

SIGNATURES = [f"signature {number}" for number in range(1_000)]


def chance(rates: FaultRates, *, seed: str = "seed") -> Chance:
    return Chance(Streams(seed), {None: rates})


@pytest.mark.parametrize(
    "kind", [FaultKind.REFUSE, FaultKind.DROP, FaultKind.TIMEOUT_BUT_LANDS, FaultKind.RATE_LIMITED]
)
def test_a_send_is_struck_at_its_rate(kind: FaultKind) -> None:
    rolled = chance(FaultRates(**{kind.value: 0.2}))
    struck = [rolled.of_send(one, ()) for one in SIGNATURES]
    assert set(struck) == {kind, None}
    assert 150 < struck.count(kind) < 250


@pytest.mark.parametrize("kind", [FaultKind.QUOTE_UNAVAILABLE, FaultKind.STALE_READ])
def test_a_read_is_struck_at_its_rate(kind: FaultKind) -> None:
    rolled = chance(FaultRates(**{kind.value: 0.2}))
    struck = [rolled.of_read("venue") for _ in range(1_000)]
    assert set(struck) == {kind, None}
    assert 150 < struck.count(kind) < 250


def test_what_befalls_a_transaction_belongs_to_it() -> None:
    rates = FaultRates(refuse=0.5, drop=0.5)
    one, other = chance(rates), chance(rates)
    fates = [one.of_send(signature, ()) for signature in SIGNATURES]
    assert fates == [other.of_send(signature, ()) for signature in reversed(SIGNATURES)][::-1]
    assert fates != [chance(rates, seed="another").of_send(signature, ()) for signature in SIGNATURES]


def test_rates_of_a_venue_concern_only_what_touches_it() -> None:
    local = Chance(Streams("seed"), {"here": FaultRates(refuse=1.0, quote_unavailable=1.0, halted=1.0, congested=1.0)})
    assert local.of_send("signature", {"here", "there"}) is FaultKind.REFUSE
    assert local.of_send("signature", {"there"}) is None
    assert (local.of_read("here"), local.of_read("there")) == (FaultKind.QUOTE_UNAVAILABLE, None)
    assert [local.is_halted(venue, 5) for venue in ("here", "there", None)] == [True, False, False]
    assert [local.is_congested(venues, 5) for venues in ({"here"}, {"there"})] == [True, False]


def test_a_halt_holds_for_its_whole_window() -> None:
    rolled = chance(FaultRates(halted=0.3, congested=0.3))
    windows = [range(start, start + WINDOW_SLOTS) for start in range(0, 10_000, WINDOW_SLOTS)]
    halted = [{rolled.is_halted(None, slot) for slot in window} for window in windows]
    congested = [{rolled.is_congested(set(), slot) for slot in window} for window in windows]
    for happened in (halted, congested):
        assert all(len(one) == 1 for one in happened)
        assert 35 < happened.count({True}) < 85
    assert halted != congested


def test_a_rate_of_zero_is_never_and_one_of_one_always() -> None:
    assert {chance(FaultRates()).of_send(one, ()) for one in SIGNATURES} == {None}
    assert {chance(FaultRates(refuse=1.0)).of_send(one, ()) for one in SIGNATURES} == {FaultKind.REFUSE}


def test_rates_come_back_from_the_text_they_are_kept_in() -> None:
    given = FaultRates(refuse=0.25, congested=0.5)
    text = f'{{"": {rating.written(given)}, "here": {rating.written(FaultRates())}}}'
    expected: Rates = {None: given}
    assert rating.read(text) == expected
