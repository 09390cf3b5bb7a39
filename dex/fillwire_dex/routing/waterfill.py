"""The best split of an amount over parallel concave curves, in real numbers.

At the optimum every used curve has the same marginal price and every unused one a lower one.
What all curves take together is, between two kinks, a straight line in the level u (see `ladder`), and what they
give one in -1 / u: the two kinks about the wanted amount are found by bisection, and the level between them at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, assert_never

from fillwire_dex.route import Mode
from fillwire_dex.routing.ladder import Ladder

_FLOAT_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Fill:
    """(input, output) by curve, raw units, and the level they share: 1 / sqrt(marginal price)."""

    flows: dict[int, tuple[float, float]]
    level: float

    @property
    def marginal_price(self) -> float:
        return 1 / (self.level * self.level)

    @property
    def amount_in(self) -> float:
        return sum(flow[0] for flow in self.flows.values())

    @property
    def amount_out(self) -> float:
        return sum(flow[1] for flow in self.flows.values())


class Waterfill:
    """Parallel curves whose kinks are in order, for several fills over subsets of them."""

    def __init__(self, ladders: Sequence[Ladder]) -> None:
        self._ladders = ladders
        self._kinks = sorted(chain.from_iterable(ladder.kinks for ladder in ladders))

    def fill(
        self, amount: float, mode: Mode, *, among: Iterable[int] | None = None, near: float | None = None
    ) -> Fill | None:
        """Return the split with the greatest output for an input of `amount`, or the least input for that output.

        `among` are the numbers of the curves that may be used (default: all), `near` is a guess of the level.
        None if they cannot take, or give, the amount.
        """
        numbers = range(len(self._ladders)) if among is None else sorted(among)
        used = [(number, ladder) for number in numbers if (ladder := self._ladders[number]).opens]
        side = _side(mode)
        level = self._level([ladder for _, ladder in used], amount, side, near)
        return None if level is None else _filled(used, level, amount, side)

    def _level(self, ladders: Sequence[Ladder], amount: float, side: int, near: float | None) -> float | None:
        """Return the level at which the curves together take, or give, `amount`."""
        most = sum((ladder.inputs, ladder.outputs)[side][-1] for ladder in ladders)
        if amount > most * (1 + _FLOAT_ROUNDING):
            return None
        amount = min(amount, most * (1 - _FLOAT_ROUNDING))
        kinks = self._kinks
        index = self._reaching(ladders, amount, side, near)
        if index == len(kinks):
            return _between(ladders, kinks[-1], 2 * kinks[-1], amount, side)
        if sum(ladder.below(kinks[index])[side] for ladder in ladders) <= amount:
            return kinks[index]
        return _between(ladders, kinks[index - 1], kinks[index], amount, side)

    def _reaching(self, ladders: Sequence[Ladder], amount: float, side: int, near: float | None) -> int:
        """Return the first kink at which the curves reach `amount`: by strides from the guess, then by halves."""
        low, high = 0, len(self._kinks)
        stride = 1 if near is not None else 0
        index = min(bisect_left(self._kinks, near), high - 1) if near is not None else high // 2
        while low < high:
            level = self._kinks[index]
            if sum([ladder.through(level)[side] for ladder in ladders]) >= amount:
                high = index
                index = high - stride
            else:
                low = index + 1
                index = low + stride
            if not stride or not low <= index < high:
                index, stride = (low + high) // 2, 0
            stride *= 4
        return low


def fill(ladders: Sequence[Ladder], amount: float, mode: Mode) -> Fill | None:
    """Return the best split of one amount, as `Waterfill.fill`."""
    return Waterfill(ladders).fill(amount, mode)


def _side(mode: Mode) -> int:
    """Return which of (input, output) is wanted."""
    match mode:
        case Mode.EXACT_IN:
            return 0
        case Mode.EXACT_OUT:
            return 1
        case _:
            assert_never(mode)


def _between(ladders: Sequence[Ladder], low: float, high: float, amount: float, side: int) -> float | None:
    """Return the level on the straight line from one level to another, or beyond the second."""
    begin = sum(ladder.through(low)[side] for ladder in ladders)
    rise = sum(ladder.below(high)[side] for ladder in ladders) - begin
    if rise <= 0:
        return low if begin >= amount else None
    part = (amount - begin) / rise
    if side == 0:
        return low + (high - low) * part
    inverse = 1 / low - (1 / low - 1 / high) * part
    return 1 / inverse if inverse > 0 else None


def _filled(used: Sequence[tuple[int, Ladder]], level: float, amount: float, side: int) -> Fill:
    """Return what each curve takes at a level; what is left goes into the straight segments of just that price."""
    flows = {number: flow for number, ladder in used if (flow := ladder.below(level))[0] > 0}
    rest = amount - sum(flow[side] for flow in flows.values())
    for number, ladder in used:
        for price, capacity in ladder.lines(level) if rest > 0 else ():
            taken = min(capacity, max(0.0, rest if side == 0 else rest / price))
            _add(flows, number, taken, taken * price)
            rest -= (taken, taken * price)[side]
    if rest > 0:
        _spread(flows, used, level, rest, side)
    return Fill(flows, level)


def _spread(
    flows: dict[int, tuple[float, float]], used: Sequence[tuple[int, Ladder]], level: float, rest: float, side: int
) -> None:
    """Give what the rounding of floats has left to the curve with the most room."""
    price = 1 / (level * level)
    taken = rest if side == 0 else rest / price

    def room(number: int, ladder: Ladder) -> float:
        return ladder.capacity - flows.get(number, (0.0, 0.0))[0]

    open_now = [(number, ladder) for number, ladder in used if ladder.opens[0] <= level] or used
    number, _ = max(open_now, key=lambda one: (room(*one), -one[0]))
    _add(flows, number, taken, taken * price)


def _add(flows: dict[int, tuple[float, float]], number: int, taken: float, brought: float) -> None:
    before = flows.get(number, (0.0, 0.0))
    flows[number] = before[0] + taken, before[1] + brought
