"""A limit is looked at when its price may be met, and again only when that may have changed."""

from fillwire_orders.conditions import Limit
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.limits import AGAIN_SECONDS, Limits
from tests.unit.workers.triggers.resting import PAIR, order, price


def limit(at: str = "100", **changes: int) -> RestingOrder:
    return order(Limit(price(at), 1), **changes)


def looked_at(limits: Limits, mid: str | None = None, now: float = 0.0) -> list[RestingOrder]:
    limits.wake(now)
    if mid is not None:
        limits.reach(PAIR, price(mid))
    return list(limits.candidates())


def test_it_is_looked_at_when_the_mid_reaches_its_price() -> None:
    limits, one = Limits(lambda _: True), limit()
    limits.add(one, price(100), 0.0)
    assert looked_at(limits, "99.99") == []
    assert looked_at(limits, "100") == [one]
    assert looked_at(limits, "101") == []


def test_one_that_was_not_met_waits_for_the_level_its_quote_implies() -> None:
    limits, one = Limits(lambda _: True), limit()
    limits.add(one, price(100), 0.0)
    [_] = looked_at(limits, "100")
    limits.put_off(one, price("100.5"), 0.0)
    assert looked_at(limits, "100.4") == []
    assert looked_at(limits, "100.5") == [one]


def test_one_that_was_not_met_is_looked_at_again_after_a_while_and_only_once() -> None:
    limits, one = Limits(lambda _: True), limit()
    limits.add(one, price(100), 0.0)
    [_] = looked_at(limits, "100")
    limits.put_off(one, price("100.5"), 0.0)
    assert looked_at(limits, now=AGAIN_SECONDS - 0.01) == []
    assert looked_at(limits, "100.2", now=AGAIN_SECONDS) == [one]
    assert looked_at(limits, "102", now=AGAIN_SECONDS) == []


def test_one_that_rests_again_is_left_alone_for_longer_each_time() -> None:
    limits = Limits(lambda _: True)
    once, thrice = limit(attempts=1), limit(attempts=3)
    for one in (once, thrice):
        limits.add(one, price(100), 0.0)
    assert looked_at(limits, "200") == []
    assert looked_at(limits, now=AGAIN_SECONDS) == [once]
    assert looked_at(limits, now=3 * AGAIN_SECONDS) == [thrice]


def test_one_that_is_gone_is_not_looked_at() -> None:
    alive: set[str] = set()
    limits, one = Limits(lambda order: order.id in alive), limit()
    alive.add(one.id)
    limits.add(one, price(100), 0.0)
    limits.reach(PAIR, price(100))
    alive.clear()
    limits.bury(one)
    assert looked_at(limits) == []
