"""The book fires what a naive look at every order would fire, at every price."""

from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from hypothesis import given
from hypothesis import strategies as st

from fillwire_orders.conditions import (
    Condition,
    Limit,
    Oco,
    Scheduled,
    Sniper,
    Stop,
    TakeProfit,
    TrailingStop,
    Twap,
)
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.book import Book, Hit
from tests.unit.workers.triggers.resting import PAIR, order, price

LEVELS = st.integers(1, 12).map(Decimal)
LIMITS = LEVELS.map(lambda level: Limit(level, 1))
CONDITIONS: st.SearchStrategy[Condition] = st.one_of(
    LIMITS,
    LEVELS.map(Stop),
    LEVELS.map(TakeProfit),
    st.builds(TrailingStop, st.integers(1, 9_999), st.none() | LEVELS),
    st.builds(Oco, LIMITS, LEVELS.map(Stop)),
)


@dataclass
class Naive:
    """One order, looked at on its own at each price."""

    order: RestingOrder
    peak: Decimal | None = None
    active: bool = False

    def met(self, mid: Decimal) -> str | None:
        match self.order.condition:
            case Limit(price=level):
                return "LIMIT" if mid >= level else None
            case Stop(price=level):
                return "STOP" if mid <= level else None
            case TakeProfit(price=level):
                return "TAKE_PROFIT" if mid >= level else None
            case Oco(limit=limit, stop=stop):
                return "STOP" if mid <= stop.price else "LIMIT" if mid >= limit.price else None
            case TrailingStop() as trail:
                return "TRAILING_STOP" if self._trailed(trail, mid) else None
            case Scheduled() | Twap() | Sniper():
                return None
            case never:
                assert_never(never)

    def _trailed(self, trail: TrailingStop, mid: Decimal) -> bool:
        self.active = self.active or trail.activation_price is None or mid >= trail.activation_price
        if not self.active:
            return False
        self.peak = mid if self.peak is None else max(self.peak, mid)
        return mid * 10_000 <= self.peak * (10_000 - trail.trail_bps)


def fired(book: Book, mid: Decimal) -> list[Hit]:
    """What fires at a price, if every limit that may be met is."""
    hits = book.turn({PAIR: mid}, {})
    for candidate in book.limits.candidates():
        book.remove(candidate.id)
        hits.append(Hit(order=candidate, condition="LIMIT"))  # type: ignore[arg-type]
    return hits


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), CONDITIONS),
            st.tuples(st.just("remove"), st.integers(0, 40)),
            st.tuples(st.just("turn"), st.decimals(1, 12, places=1)),
        ),
        max_size=60,
    )
)
def test_the_same_orders_fire_as_if_each_were_looked_at_alone(steps: list[tuple[str, object]]) -> None:
    book, naive = Book(), dict[str, Naive]()
    for step in steps:
        match step:
            case "add", condition:
                one = order(condition)  # type: ignore[arg-type]
                book.add(one, now=0)
                naive[one.id] = Naive(one)
            case "remove", int(number):
                if number < len(naive):
                    gone = list(naive)[number]
                    book.remove(gone)  # type: ignore[arg-type]
                    del naive[gone]
            case "turn", Decimal() as mid:
                expected = {id_: said for id_, one in naive.items() if (said := one.met(mid))}
                assert {hit.order.id: str(hit.condition) for hit in fired(book, mid)} == expected
                for id_ in expected:
                    assert id_ not in book
                    del naive[id_]
            case _:
                raise AssertionError(step)
    assert len(book) == len(naive)


def test_an_order_that_was_replaced_fires_by_its_new_terms_alone() -> None:
    book = Book()
    old = order(Stop(price(100)))
    book.add(old, now=0)
    book.add(order(Stop(price(90)), id=old.id, seq=3), now=0)
    assert fired(book, price(95)) == []
    [hit] = fired(book, price(90))
    assert hit.order.seq == 3


def test_one_side_of_an_oco_order_ends_the_other() -> None:
    book = Book()
    book.add(order(Oco(Limit(price(110), 1), Stop(price(90)))), now=0)
    [hit] = fired(book, price(85))
    assert hit.condition == "STOP"
    assert fired(book, price(120)) == []


def test_a_pair_without_a_price_fires_nothing() -> None:
    book = Book()
    book.add(order(Stop(price(100))), now=0)
    assert book.turn({}, {}) == []
    assert book.turn({("USDC", "SOL"): price("0.001")}, {}) == []


def test_an_order_of_a_price_that_stands_fires_at_once() -> None:
    book = Book()
    assert fired(book, price(80)) == []
    book.add(order(Stop(price(100))), now=0)
    assert len(fired(book, price(80))) == 1


def test_a_twap_order_is_open_between_the_begin_and_the_end_of_a_child() -> None:
    book = Book()
    one = order(Twap(3, 1.0), slices_begun=2, slices_ended=1)
    book.add(one, now=0)
    assert book.open_slices == [(one.id, 2)]
    book.add(order(Twap(3, 1.0), id=one.id, seq=3, slices_begun=2, slices_ended=2), now=0)
    assert book.open_slices == []


def test_many_orders_come_and_go_without_a_trace() -> None:
    book = Book()
    for _ in range(50):
        batch = [order(condition) for condition in (Stop(price(1)), TakeProfit(price(9)), TrailingStop(5_000))]
        for one in batch:
            book.add(one, now=0)
        fired(book, price(5))
        for one in batch:
            book.remove(one.id)
    side = book._sides[PAIR]
    assert len(book) == 0
    assert max(len(side.falling), len(side.rising), side.trails._size) < 150
