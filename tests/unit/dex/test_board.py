"""A board has the prices of the last change, and many can wait for the next."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from fillwire_dex import Change, Listing, Market, PriceBoard
from fillwire_dex.tokens import SOL, USDC
from tests.unit.dex import markets
from tests.unit.dex.test_prices import listed


class Tape:
    """The part of a market that a board follows; what it shows is put in."""

    def __init__(self, *, breaks: int = 0) -> None:
        self.shown: asyncio.Queue[Change] = asyncio.Queue()
        self.followed = 0
        self._breaks = breaks

    async def changes(self, *, pace: float = 0.2) -> AsyncGenerator[Change]:
        self.followed += 1
        if self.followed <= self._breaks:
            raise ValueError("a bug")
        while True:
            yield await self.shown.get()

    def show(self, slot: int, listings: Sequence[Listing], *, halted: Sequence[str] = ()) -> None:
        by_id: dict[str, Listing] = {one.id: one for one in listings}
        self.shown.put_nowait(Change(slot, by_id, frozenset(halted), frozenset(by_id), ()))


def board(tape: Tape) -> PriceBoard:
    return PriceBoard(cast("Market", tape))


POOL = listed(SOL, USDC, "1000", "160000")


async def test_a_board_opens_with_the_first_prices() -> None:
    tape = Tape()
    tape.show(7, [POOL])
    before = time.monotonic()
    async with board(tape) as prices:
        assert prices.mid("SOL", "USDC") == 160
        assert prices.mid("USDC", "SOL") == Decimal("0.00625")
        assert prices.mid("SOL", "JUP") is None
        assert (prices.slot, prices.version, dict(prices.listings)) == (7, 1, {POOL.id: POOL})
        assert before <= prices.updated <= time.monotonic()


async def test_all_who_wait_are_told_of_one_change_and_of_none_that_they_know() -> None:
    tape = Tape()
    tape.show(7, [POOL])
    async with board(tape) as prices:
        waiting = [asyncio.create_task(prices.wait(1)) for _ in range(100)]
        assert await prices.wait(0) == 1
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        tape.show(8, [replace(POOL, pool=markets.amm(reserve_a="1000000000000", reserve_b="170000000000"))])
        async with asyncio.timeout(5):
            assert set(await asyncio.gather(*waiting)) == {2}
        assert prices.mid("SOL", "USDC") == 170
        assert prices.slot == 8


async def test_a_venue_that_is_halted_has_no_say_until_it_trades_again() -> None:
    tape, other = Tape(), listed(SOL, USDC, "1000", "180000", venue="raydium_cpmm")
    tape.show(7, [POOL, other], halted=["raydium_cpmm"])
    async with board(tape) as prices:
        assert prices.mid("SOL", "USDC") == 160
        tape.show(8, [POOL, other])
        async with asyncio.timeout(5):
            await prices.wait(1)
        assert prices.mid("SOL", "USDC") == 170


async def test_without_a_market_a_board_opens_empty_and_fills_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fillwire_dex.board._OPENING_SECONDS", 0.01)
    tape = Tape()
    async with board(tape) as prices:
        assert (prices.mid("SOL", "USDC"), prices.version, dict(prices.listings)) == (None, 0, {})
        tape.show(7, [POOL])
        async with asyncio.timeout(5):
            assert await prices.wait(0) == 1
        assert prices.mid("SOL", "USDC") == 160


async def test_a_bug_in_the_market_does_not_stop_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fillwire_dex.board._AGAIN_SECONDS", 0.01)
    tape = Tape(breaks=2)
    tape.show(7, [POOL])
    async with board(tape) as prices:
        assert prices.version == 1
    assert tape.followed == 3
