"""The bins of Meteora DLMM in the order a swap meets them, and the totals of draining them.

Source: MeteoraAg/dlmm-sdk, commons/src/quote.rs and ts-client/src/dlmm/helpers/bin.ts.
A bin that a swap drains takes and gives the same whatever the swap's size: its fee depends only on
the reference the swap started from. So totals are kept, and a quote looks up the bin in which it ends.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add, attrgetter, sub
from typing import Final, Self

from fillwire_dex.pools.dlmm_bins import Bin
from fillwire_dex.pools.dlmm_fees import DlmmFees, Reference, fee_on_top, fee_within
from fillwire_dex.pools.pool import Direction

_FIRST_BINS: Final = 4
_GROWTH: Final = 4
"""How many bins are worked out first, and how many times as many then, so that small quotes stay cheap."""

_ID: Final = attrgetter("id")
_INPUTS: Final = attrgetter("inputs")
_OUTPUTS: Final = attrgetter("outputs")


@dataclass(frozen=True, slots=True)
class Rungs:
    """The bins that hold what is bought, column by column.

    `volatilities` and `rates` are what a swap meets at each; `capacities` what drains each, without fees.
    The other columns are totals before each, gross inputs and net outputs, and end with those of all.
    """

    bins: list[Bin]
    volatilities: list[int]
    rates: list[int]
    capacities: list[int]
    inputs: list[int]
    outputs: list[int]
    fees: list[int]
    protocol_fees: list[int]

    def and_then(self, higher: Self) -> Self:
        """Return both, the totals of the `higher` going on from these."""
        return type(self)(
            self.bins + higher.bins,
            self.volatilities + higher.volatilities,
            self.rates + higher.rates,
            self.capacities + higher.capacities,
            _going_on(self.inputs, higher.inputs),
            _going_on(self.outputs, higher.outputs),
            _going_on(self.fees, higher.fees),
            _going_on(self.protocol_fees, higher.protocol_fees),
        )


class Ladder:
    """All rungs of a pool for one direction and reference.

    They are worked out when a quote first reaches them, and always replaced as a whole,
    so that threads may share a ladder.
    """

    __slots__ = ("_ahead", "_climbed", "direction", "fees", "on_input", "reference")

    def __init__(
        self, bins: Sequence[Bin], active_id: int, direction: Direction, fees: DlmmFees, reference: Reference
    ) -> None:
        if direction is Direction.A_TO_B:
            self._ahead = bins[: bisect_right(bins, active_id, key=_ID)][::-1]
        else:
            self._ahead = bins[bisect_left(bins, active_id, key=_ID) :]
        self.direction, self.fees, self.reference = direction, fees, reference
        self.on_input = fees.on_input(direction)
        self._climbed = 0, _NO_RUNGS

    def all(self) -> Rungs:
        return self._climb(len(self._ahead))

    def to_input(self, amount_in: int) -> Rungs:
        """Return the rungs that an input climbs; all of them end below it when it is more than they take."""
        return self._until(_INPUTS, amount_in)

    def to_output(self, amount_out: int) -> Rungs:
        """Return the rungs that bring an output; all of them end below it when it is more than they hold."""
        return self._until(_OUTPUTS, amount_out)

    def _until(self, totals: Callable[[Rungs], list[int]], amount: int) -> Rungs:
        climbed, rungs = self._climbed
        while totals(rungs)[-1] < amount and climbed < len(self._ahead):
            climbed = max(_GROWTH * climbed, _FIRST_BINS)
            rungs = self._climb(climbed)
        return rungs

    def _climb(self, upto: int) -> Rungs:
        """Return the rungs among that many of the bins ahead, or more."""
        climbed, rungs = self._climbed
        if climbed < upto:
            rungs = rungs.and_then(self._rungs(self._ahead[climbed:upto]))
            self._climbed = upto, rungs
        return rungs

    def _rungs(self, bins: Sequence[Bin]) -> Rungs:
        """Return the rungs of some bins, with totals as if the first of them were at the foot."""
        fees, holding = self.fees, [each for each in bins if each.holds(self.direction)]
        if not holding:
            return _NO_RUNGS
        taken, maker_in, given = zip(*[each.drain(self.direction) for each in holding], strict=True)
        volatilities = self.reference.volatilities([each.id for each in holding], fees.max_volatility_accumulator)
        rates = fees.rates(volatilities)
        inputs: Iterable[int]
        outputs: Iterable[int]
        if self.on_input:
            of_each = [fee_on_top(net, rate) for net, rate in zip(taken, rates, strict=True)]
            inputs, outputs = map(add, taken, of_each), given
        else:
            of_each = [fee_within(gross, rate) for gross, rate in zip(given, rates, strict=True)]
            inputs, outputs = taken, map(sub, given, of_each)
        of_protocol = map(fees.of_protocol, of_each, maker_in, taken)
        totals = (list(accumulate(column, initial=0)) for column in (inputs, outputs, of_each, of_protocol))
        return Rungs(holding, volatilities, rates, list(taken), *totals)


_NO_RUNGS: Final = Rungs([], [], [], [], [0], [0], [0], [0])


def _going_on(totals: list[int], higher: list[int]) -> list[int]:
    end = totals[-1]
    return totals + [end + each for each in higher[1:]]
