"""Trailing stops remember the best price since they were armed, each its own."""

from decimal import Decimal

import pytest

from fillwire_orders.conditions import TrailingStop
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.trails import Trails
from tests.unit.workers.triggers.resting import order, price


def trails() -> Trails:
    return Trails(lambda _: True)


def trailing(bps: int, activation: str | None = None) -> tuple[RestingOrder, TrailingStop]:
    condition = TrailingStop(bps, None if activation is None else price(activation))
    return order(condition), condition


def fired(book: Trails, *mids: str) -> list[tuple[str, Decimal]]:
    return [(one.id, peak) for mid in mids for one, peak in book.turn(price(mid))]


def test_it_fires_when_the_price_has_fallen_by_the_trail_from_its_best() -> None:
    book = trails()
    one, condition = trailing(100)
    book.add(one, condition, None)
    assert fired(book, "100", "110", "108.91") == []
    assert fired(book, "108.9") == [(one.id, price(110))]


def test_the_past_an_order_has_seen_counts() -> None:
    book = trails()
    one, condition = trailing(1_000)
    book.add(one, condition, price(200))
    assert fired(book, "180") == [(one.id, price(200))]


def test_of_one_peak_the_smallest_trail_fires_first() -> None:
    book = trails()
    wide, narrow = trailing(2_000), trailing(1_000)
    book.add(*wide, None)
    book.add(*narrow, None)
    assert fired(book, "100", "90") == [(narrow[0].id, price(100))]
    assert fired(book, "80") == [(wide[0].id, price(100))]


def test_orders_that_came_at_different_prices_have_peaks_of_their_own_until_the_price_passes_them() -> None:
    book = trails()
    early, late = trailing(1_000), trailing(1_000)
    book.add(*early, None)
    assert fired(book, "100", "95") == []
    book.add(*late, None)
    assert fired(book, "95", "90") == [(early[0].id, price(100))]
    assert fired(book, "120") == []
    assert fired(book, "108") == [(late[0].id, price(120))]


def test_before_its_activation_price_nothing_counts() -> None:
    book = trails()
    one = trailing(1_000, "150")
    book.add(*one, None)
    assert fired(book, "140", "100", "150", "140") == []
    assert fired(book, "135") == [(one[0].id, price(150))]


@pytest.mark.parametrize(("past", "fires"), [("149", False), ("150", True), ("160", True)])
def test_an_order_is_activated_by_the_past_as_well(past: str, fires: bool) -> None:
    book = trails()
    book.add(*trailing(1_000, "150"), price(past))
    assert bool(fired(book, "100")) is fires


def test_groups_of_equal_peaks_are_one() -> None:
    book = trails()
    for peak in (100, 120, 100, 110, 120, 100):
        book.add(*trailing(9_000), price(peak))
    assert [group.peak for group in book._groups] == [120, 110, 100]
    assert fired(book, "115") == []
    assert [group.peak for group in book._groups] == [120, 115]
