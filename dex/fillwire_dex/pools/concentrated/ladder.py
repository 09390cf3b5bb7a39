"""The initialized ticks of a pool and the liquidity between them.

Swaps do not change it: every state of a pool shares one ladder, and what was worked out on it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.concentrated.scale import LAST_TICK, TickScale
from fillwire_dex.pools.concentrated.slope import held
from fillwire_dex.pools.pool import Direction


class Tick(NamedTuple):
    """An initialized tick; `net` is added to the liquidity when the price rises through it.

    `gross`, the liquidity of all positions that end there, keeps a tick whose `net` is 0 initialized.
    """

    at: int
    net: int
    gross: int


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A ladder as a swap of one direction meets it.

    `liquidity[k]` holds until the price `targets[k]`, where `ticks[k]` is crossed;
    the last one, behind the last tick, is 0 and has no end. k is called a rung.
    """

    direction: Direction
    scale: TickScale
    ticks: Sequence[int]
    targets: Sequence[int]
    liquidity: Sequence[int]

    @property
    def down(self) -> bool:
        """Whether the price falls on this way."""
        return self.direction is Direction.A_TO_B


@dataclass(frozen=True, slots=True)
class Ladder:
    """Made by `ladder`; two are equal when their ticks are, on the same scale."""

    ticks: tuple[Tick, ...]
    scale: TickScale
    numbers: tuple[int, ...] = field(compare=False, repr=False)
    down: Way = field(compare=False, repr=False)
    up: Way = field(compare=False, repr=False)
    held_below: tuple[int, ...] = field(compare=False, repr=False)
    """How much of b the whole ranges below hold, each rounded up, by the ticks passed on the way up."""
    held_above: tuple[int, ...] = field(compare=False, repr=False)
    """How much of a the whole ranges above hold, alike."""

    def way(self, direction: Direction) -> Way:
        return self.down if direction is Direction.A_TO_B else self.up

    def rung(self, direction: Direction, tick: int) -> int:
        """Return the rung of the way on which a pool at this tick stands."""
        passed = bisect_right(self.numbers, tick)
        return len(self.numbers) - passed if direction is Direction.A_TO_B else passed

    def liquidity(self, tick: int) -> int:
        return self.up.liquidity[bisect_right(self.numbers, tick)]

    def reserves(self, tick: int, sqrt_price: int) -> tuple[int, int]:
        """Return how much of a and b all ranges hold at a price of this tick, each rounded up."""
        passed = bisect_right(self.numbers, tick)
        whole_a, whole_b = self.held_above[passed], self.held_below[passed]
        if not (liquidity := self.up.liquidity[passed]):
            return whole_a, whole_b
        here_a, _ = held(liquidity, sqrt_price, self.up.targets[passed])
        _, here_b = held(liquidity, self.up.targets[passed - 1], sqrt_price)
        return whole_a + here_a, whole_b + here_b

    def state(self) -> list[Mapping[str, object]]:
        return [{"tick": at, "liquidity_net": str(net), "liquidity_gross": str(gross)} for at, net, gross in self.ticks]


def decoded(ticks: Iterable[Mapping[str, Any]], scale: TickScale, *, spacing: int) -> Ladder:
    """Return the ladder of ticks as `Ladder.state` gives them; raises UnsupportedPool."""
    rows = tuple(Tick(int(row["tick"]), int(row["liquidity_net"]), int(row["liquidity_gross"])) for row in ticks)
    return ladder(rows, scale, spacing)


@lru_cache(maxsize=512)
def ladder(ticks: tuple[Tick, ...], scale: TickScale, spacing: int) -> Ladder:
    """Return the ladder of these ticks, the same one when it was asked for before.

    Raises UnsupportedPool unless they rise on multiples of `spacing` and their liquidity sums to 0, never below.
    """
    numbers = tuple(tick.at for tick in ticks)
    liquidity = tuple(accumulate((tick.net for tick in ticks), initial=0))
    _check(ticks, numbers, liquidity, spacing)
    prices = tuple(map(scale.sqrt_price_at, numbers))
    ranges = [held(within, *ends) for within, ends in zip(liquidity[1:], pairwise(prices), strict=False)]
    above = [*accumulate((a for a, _ in reversed(ranges)), initial=0)]
    return Ladder(
        ticks,
        scale,
        numbers,
        Way(Direction.A_TO_B, scale, numbers[::-1], prices[::-1], liquidity[::-1]),
        Way(Direction.B_TO_A, scale, numbers, prices, liquidity),
        held_below=(0, *accumulate((b for _, b in ranges), initial=0)),
        held_above=(*reversed(above), 0),
    )


def _check(ticks: Sequence[Tick], numbers: Sequence[int], liquidity: Sequence[int], spacing: int) -> None:
    if spacing <= 0 or any(at % spacing or abs(at) > LAST_TICK for at in numbers):
        raise UnsupportedPool(f"an initialized tick is no multiple of {spacing} within {LAST_TICK}")
    if any(tick >= following for tick, following in pairwise(numbers)):
        raise UnsupportedPool("the initialized ticks must rise")
    if any(tick.gross < max(1, abs(tick.net)) for tick in ticks):
        raise UnsupportedPool("a tick is initialized by at least the liquidity it changes")
    if min(liquidity) < 0 or liquidity[-1] != 0:
        raise UnsupportedPool("the liquidity of all ticks must sum to nothing, and never be below")
