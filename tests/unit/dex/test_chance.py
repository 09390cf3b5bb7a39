"""Chance is a function of the seed and of what it is drawn for."""

import random

import pytest

from fillwire_dex.simulated.streams import Streams


def test_a_draw_for_a_key_is_always_the_same() -> None:
    assert Streams("s").unit("landing", "sig") == Streams("s").unit("landing", "sig")


@pytest.mark.parametrize("other", [("t", "landing", "sig"), ("s", "build", "sig"), ("s", "landing", "gis")])
def test_seed_name_and_key_each_change_the_draw(other: tuple[str, str, str]) -> None:
    seed, name, key = other
    assert Streams("s").unit("landing", "sig") != Streams(seed).unit(name, key)


def test_draws_without_a_key_are_a_sequence_of_their_own() -> None:
    one, other = Streams("s"), Streams("s")
    other.unit("another")
    assert [one.unit("read") for _ in range(3)] == [other.unit("read") for _ in range(3)]
    assert one.unit("read") != one.unit("read")


def test_the_global_generator_is_left_alone() -> None:
    before = random.getstate()
    Streams("s").between((1.0, 2.0), "read")
    assert random.getstate() == before


def test_draws_fill_their_range_evenly() -> None:
    draws = [Streams("s").between((2.0, 3.0), "read", str(number)) for number in range(2_000)]
    assert all(2.0 <= draw < 3.0 for draw in draws)
    assert 2.48 < sum(draws) / len(draws) < 2.52


def test_a_rate_strikes_as_often_as_it_says() -> None:
    streams = Streams("s")
    assert 150 < sum(streams.strikes(0.1, "drop", str(number)) for number in range(2_000)) < 250
    assert not any(streams.strikes(0.0, "drop", str(number)) for number in range(100))
