"""A ladder walked at one fee rate.

What every rung takes and gives from end to end is summed up once; a swap then computes the rung
it starts on and the one it ends on, and looks up all between. That is exact: a step crosses a
rung if and only if what is left of an input covers the gross price of it, and it surely does if
what is left of an output exceeds what the rung gives.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from fillwire_dex.errors import InsufficientLiquidity
from fillwire_dex.pools.concentrated.ladder import Way
from fillwire_dex.pools.concentrated.slope import SLOPES, Slope
from fillwire_dex.pools.concentrated.steps import RATE_UNIT, Levy, Step, Stretch, buy, cross, sell


class Tally(NamedTuple):
    """The gross input and net output of steps, and the fee within either with two of its shares."""

    amount_in: int = 0
    amount_out: int = 0
    fee: int = 0
    protocol_fee: int = 0
    fund_fee: int = 0

    def plus(self, step: Step, levy: Levy) -> Tally:
        """Add a step; each step rounds the shares of its own fee."""
        _, amount_in, amount_out, fee = step
        return Tally(
            self.amount_in + amount_in,
            self.amount_out + amount_out,
            self.fee + fee,
            self.protocol_fee + fee * levy.protocol_rate // RATE_UNIT,
            self.fund_fee + fee * levy.fund_rate // RATE_UNIT,
        )

    def between(self, before: Tally, after: Tally) -> Tally:
        """Add what was done from one sum to a later one."""
        return Tally(*(mine + late - early for mine, early, late in zip(self, before, after, strict=True)))


NOTHING: Final = Tally()


class Point(NamedTuple):
    """A place on a way: the rung, and the sqrt price on it."""

    rung: int
    sqrt_price: int


class Fill(NamedTuple):
    """What a swap came to, and where it ended."""

    tally: Tally
    end: Point


class TicksExhausted(InsufficientLiquidity):
    """The initialized ticks ran out; `filled` is the swap up to the last of them, which no program executes."""

    def __init__(self, filled: Tally) -> None:
        super().__init__(f"the ticks end after {filled.amount_in} units in and {filled.amount_out} out")
        self.filled = filled


class Order(NamedTuple):
    """A sale of an input or a purchase of an output: its step, and which of the two amounts it spends."""

    step: Callable[[Slope, Stretch, Levy, int], Step]
    spent: Callable[[Step | Tally], int]


SALE: Final = Order(sell, attrgetter("amount_in"))
PURCHASE: Final = Order(buy, attrgetter("amount_out"))


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Made by `course`; `sums[k]` is what all rungs before k come to, `taken` and `given` are its amounts."""

    way: Way
    levy: Levy
    sums: Sequence[Tally]
    taken: Sequence[int]
    given: Sequence[int]

    def run(self, order: Order, start: Point, amount: int, *, done: Tally = NOTHING) -> Fill:
        """Return the fill of an amount that was left when `done` was; raises TicksExhausted."""
        targets, (rung, sqrt_price), tally = self.way.targets, start, done
        while rung < len(targets):
            stretch = Stretch(self.way.liquidity[rung], sqrt_price, targets[rung])
            step = order.step(SLOPES[self.way.direction], stretch, self.levy, amount)
            tally, amount = tally.plus(step, self.levy), amount - order.spent(step)
            if step.sqrt_price != stretch.target:
                return Fill(tally, Point(rung, step.sqrt_price))
            if not amount:
                return Fill(tally, Point(rung + 1, step.sqrt_price))
            through = self._last(order, rung + 1, amount)
            whole = tally.between(self.sums[rung + 1], self.sums[through])
            amount -= order.spent(whole) - order.spent(tally)
            tally, rung, sqrt_price = whole, through, targets[through - 1]
        raise TicksExhausted(tally)

    def _last(self, order: Order, rung: int, amount: int) -> int:
        """Return the rung on which an amount spent from the start of `rung` ends, or the last one."""
        sums = self.taken if order is SALE else self.given
        return bisect_left(sums, sums[rung] + amount, rung + 1) - 1


@lru_cache(maxsize=1024)
def course(way: Way, levy: Levy) -> Course:
    """Return the course of a way, the same one when it was asked for before."""
    slope = SLOPES[way.direction]
    # Nothing lies before the first tick: its rung has no liquidity and no start.
    sums = [NOTHING] * min(2, len(way.targets) + 1)
    for liquidity, ends in zip(way.liquidity[1:], pairwise(way.targets), strict=False):
        sums.append(sums[-1].plus(cross(slope, Stretch(liquidity, *ends), levy), levy))
    return Course(way, levy, sums, [s.amount_in for s in sums], [s.amount_out for s in sums])
