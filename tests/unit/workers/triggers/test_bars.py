"""A bar tells what was seen from its moment on, never of what was before."""

from datetime import timedelta

from fillwire_orders.price_bars import Bar
from fillwire_workers.triggers.bars import Bars
from tests.unit.workers.triggers.resting import ARMED, PAIR, price


def test_a_bar_holds_the_highest_and_the_lowest_price_since_it_began() -> None:
    bars = Bars()
    for mid in (100, 103, 97, 101):
        bars.see(PAIR, price(mid), ARMED)
    assert bars.take() == [Bar(PAIR, ARMED, price(103), price(97))]
    assert bars.take() == []


def test_what_came_before_an_order_was_armed_is_not_in_the_bar_that_counts_for_it() -> None:
    bars, later = Bars(), ARMED + timedelta(milliseconds=50)
    bars.see(PAIR, price(110), ARMED)
    bars.part(PAIR)
    bars.see(PAIR, price(100), later)
    assert bars.high(PAIR, ARMED) == price(110)
    assert bars.high(PAIR, later) == price(100)
    assert [bar.high for bar in bars.take()] == [110, 100]


def test_what_could_not_be_stored_is_kept_as_far_as_it_matters() -> None:
    bars = Bars()
    first, second, third = (
        Bar(PAIR, ARMED + timedelta(seconds=n), price(high), price(90)) for n, high in enumerate((105, 120, 110))
    )
    other = Bar(("JUP", "SOL"), ARMED, price(1), price(1))
    bars.give_back([first, other, second, third])
    assert bars.take() == [other, second, third]
