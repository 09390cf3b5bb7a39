"""A sniper takes a pool that was founded after it was accepted, seen to appear or not."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from fillwire_dex import Listing
from fillwire_dex.snapshot import Origin
from fillwire_orders.conditions import Sniper, Trigger
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.snipers import Snipers
from tests.unit.workers.triggers.pools import born, pool
from tests.unit.workers.triggers.resting import ARMED, order

BEFORE, AFTER = ARMED - timedelta(seconds=1), ARMED + timedelta(seconds=1)


def shot(snipers: Snipers, *listings: Listing) -> Sequence[tuple[RestingOrder, str]]:
    return list(snipers.turn({one.id: one for one in listings}))


@pytest.fixture
def snipers() -> Snipers:
    return Snipers(lambda _: True)


def test_a_pool_that_is_founded_later_fires_and_those_that_were_there_do_not(snipers: Snipers) -> None:
    one = order(Sniper())
    snipers.add(one)
    there = [pool("old"), born("young", BEFORE)]
    assert shot(snipers, *there) == []
    assert shot(snipers, *there, born("new", AFTER)) == [(one, "new")]
    assert shot(snipers, *there, born("new", AFTER), born("newer", AFTER)) == []


def test_a_pool_that_nobody_saw_appear_fires_as_well(snipers: Snipers) -> None:
    assert shot(snipers, born("new", AFTER)) == []
    one = order(Sniper())
    snipers.add(one)
    assert shot(snipers, born("new", AFTER)) == [(one, "new")]


def test_a_pool_of_another_pair_fires_nothing(snipers: Snipers) -> None:
    snipers.add(order(Sniper(), token_out="USDT"))
    assert shot(snipers, born("new", AFTER)) == []


def test_either_direction_of_the_pair_counts(snipers: Snipers) -> None:
    one = order(Sniper(), token_in="USDC", token_out="SOL")
    snipers.add(one)
    assert shot(snipers, born("new", AFTER)) == [(one, "new")]


@pytest.mark.parametrize(
    ("trigger", "founded", "migrated"),
    [
        (Trigger.ANY, True, True),
        (Trigger.POOL_CREATED, True, False),
        (Trigger.LIQUIDITY_MIGRATED, False, True),
    ],
)
def test_a_sniper_waits_for_its_own_kind_of_birth(trigger: Trigger, founded: bool, migrated: bool) -> None:
    for origin, fires in ((Origin.FOUNDED, founded), (Origin.MIGRATED, migrated)):
        snipers = Snipers(lambda _: True)
        snipers.add(order(Sniper(trigger)))
        assert bool(shot(snipers, born("new", AFTER, origin))) is fires


def test_a_pool_with_too_little_of_what_is_sold_is_watched_until_it_holds_enough(snipers: Snipers) -> None:
    one = order(Sniper(min_liquidity=500 * 10**9))
    snipers.add(one)
    assert shot(snipers, born("new", AFTER, sol=499)) == []
    assert shot(snipers, born("new", AFTER, sol=500)) == [(one, "new")]


def test_a_pool_that_is_gone_is_watched_no_more(snipers: Snipers) -> None:
    snipers.add(order(Sniper(min_liquidity=500 * 10**9)))
    assert shot(snipers, born("new", AFTER, sol=499)) == []
    assert shot(snipers) == []
    assert shot(snipers, pool("other")) == []
