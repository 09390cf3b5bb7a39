"""A process knows what it has heard of, decodes it once, and never goes back to what was before."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from fillwire_dex import MarketNotInstalled, tokens
from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.simulated.mirror import Mirror, Sight, listed
from tests.unit.dex.markets import AMM_STATE, CPMM_STATE

GENESIS_MS = 1_700_000_000_700
BIRTH = (5, datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=1))), "founded")


def row(
    height: int, pool: tuple[Any, ...] = (None,) * 12, *, motion: str = "still", present: int = 50
) -> tuple[Any, ...]:
    """A row as the market's statement gives it."""
    return (present, 40, height, motion, "{}", GENESIS_MS, 400, None, *pool)


def amm(id_: str, version: int, *, ended: bool = False, **changes: Any) -> tuple[Any, ...]:
    state = json.dumps({**AMM_STATE, **changes})
    return (
        id_,
        "raydium_amm_v4",
        "raydium_amm_v4",
        tokens.SOL.mint,
        tokens.USDC.mint,
        version,
        7,
        *BIRTH,
        ended,
        state,
    )


def cpmm(id_: str) -> tuple[Any, ...]:
    state = json.dumps(CPMM_STATE)
    return (id_, "raydium_cpmm", "raydium_cpmm", tokens.JUP.mint, tokens.USDC.mint, 1, 7, *BIRTH, False, state)


def test_a_pool_that_did_not_change_stays_the_same_object() -> None:
    mirror = Mirror()
    first = mirror.see([row(3, cpmm("b")), row(3, amm("a", 1))])
    second = mirror.see([row(5, amm("a", 2, reserve_a="60000000000000"))])
    third = mirror.see([row(5)])
    assert list(first.listings) == ["a", "b"]
    assert second.listings["b"] is first.listings["b"]
    assert second.listings["a"].version == 2
    assert first.listings["a"].version == 1
    assert third.listings is second.listings
    assert second.roster is first.roster
    assert mirror.height == 5


def test_news_from_an_earlier_block_do_not_undo_later_ones() -> None:
    mirror = Mirror()
    mirror.see([row(9, amm("a", 4))])
    mirror.see([row(7, amm("a", 2)), row(7, cpmm("b"))])
    assert {id_: entry.version for id_, entry in mirror.listings.items()} == {"a": 4, "b": 1}
    assert mirror.height == 9


def test_a_pool_that_ended_is_gone_and_stays_gone() -> None:
    mirror = Mirror()
    before = mirror.see([row(3, amm("a", 1)), row(3, cpmm("b"))])
    after = mirror.see([row(4, amm("a", 1, ended=True))])
    assert list(after.listings) == list(after.live) == ["b"]
    assert after.roster is not before.roster
    assert list(mirror.see([row(3, amm("a", 1))]).listings) == ["b"]
    assert list(before.listings) == ["a", "b"]


def test_what_a_block_left_behind_is_listed_as_if_it_had_been_read() -> None:
    mirror = Mirror()
    sight = mirror.see([row(3, amm("a", 1))])
    mirror.keep(4, [("a", listed("a", sight.live["a"]))])
    assert mirror.listings == sight.listings
    assert mirror.height == 4


def test_a_still_market_is_seen_as_of_now_and_a_moving_one_as_of_its_last_block() -> None:
    sights: list[Sight] = [Mirror().see([row(3, motion=motion.value)]) for motion in MarketMotion]
    assert [(sight.motion, sight.slot) for sight in sights] == [(MarketMotion.STILL, 50), (MarketMotion.MOVING, 40)]


@pytest.mark.parametrize(
    ("slot", "second"), [(0, 1_700_000_000), (1, 1_700_000_001), (3, 1_700_000_001), (5, 1_700_000_002)]
)
def test_the_time_of_a_slot_is_that_of_its_beginning(slot: int, second: int) -> None:
    assert Mirror().see([row(0)]).second(slot) == second


def test_a_market_without_a_chain_is_not_installed() -> None:
    with pytest.raises(MarketNotInstalled):
        Mirror().see([])
