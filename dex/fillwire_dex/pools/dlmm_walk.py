"""One Meteora DLMM swap on a ladder: the bins it drains and the one in which it ends.

Source: MeteoraAg/dlmm-sdk, ts-client/src/dlmm/helpers/bin.ts (swapExactInQuoteAtBin, swapExactOutQuoteAtBin).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from fillwire_dex.pools.dlmm_bins import Bin, Fill
from fillwire_dex.pools.dlmm_fees import fee_on_top, fee_within
from fillwire_dex.pools.dlmm_ladder import Ladder, Rungs


@dataclass(frozen=True, slots=True)
class Walk:
    """A swap drained the first `passed` bins of `rungs` and ended in the next one, with `fill`.

    The input is gross and the output net; `protocol_fee` is a part of `fee`.
    `surplus` is output that rounding drew from the last bin beyond what was wanted.
    """

    rungs: Rungs = field(repr=False)
    passed: int
    fill: Fill
    amount_in: int
    amount_out: int
    fee: int
    protocol_fee: int
    surplus: int = 0

    @property
    def last(self) -> Bin:
        return self.rungs.bins[self.passed]


def sell(ladder: Ladder, amount_in: int) -> Walk | None:
    """Return the walk of as much of an input as the bins take, None when they hold nothing."""
    rungs = ladder.to_input(amount_in)
    if not rungs.bins:
        return None
    last = min(bisect_left(rungs.inputs, amount_in), len(rungs.bins)) - 1
    if last and _stays(ladder, rungs, last - 1, amount_in):
        last -= 1
    return _ending(ladder, rungs, last, amount_in - rungs.inputs[last])


def buy(ladder: Ladder, amount_out: int) -> Walk | None:
    """Return the cheapest walk to an output, None when it is more than the bins hold."""
    rungs = ladder.to_output(amount_out)
    if rungs.outputs[-1] < amount_out:
        return None
    last = bisect_left(rungs.outputs, amount_out) - 1
    wanted = amount_out - rungs.outputs[last]
    rate, held = rungs.rates[last], rungs.bins[last]
    gross_in = held.buy(ladder.direction, wanted if ladder.on_input else wanted + fee_on_top(wanted, rate))
    if ladder.on_input:
        gross_in += fee_on_top(gross_in, rate)
    return _ending(ladder, rungs, last, gross_in, wanted=wanted)


def bins_after(ladder: Ladder, walk: Walk) -> dict[int, Bin]:
    """Return the bins that a walk changed, by id, as they are after it."""
    direction = ladder.direction
    drained = {each.id: each.drained(direction) for each in walk.rungs.bins[: walk.passed]}
    return {**drained, walk.last.id: walk.last.after(direction, walk.fill)}


def _stays(ladder: Ladder, rungs: Rungs, rung: int, amount_in: int) -> bool:
    """Whether an input ends at a rung although it is more than what drains it.

    The fee on the last unit can be that unit; then the bin keeps it and the swap goes no further.
    """
    arrived = amount_in - rungs.inputs[rung]
    return ladder.on_input and arrived - fee_within(arrived, rungs.rates[rung]) <= rungs.capacities[rung]


def _ending(ladder: Ladder, rungs: Rungs, rung: int, arrived: int, *, wanted: int | None = None) -> Walk:
    """Return the walk that ends at a rung with what arrived there, or as much of it as the bin takes.

    Where not even a unit is left for the bin, the venue counts no fee.
    """
    rate = rungs.rates[rung]
    fee = fee_within(arrived, rate) if ladder.on_input else 0
    fill = rungs.bins[rung].sell(ladder.direction, arrived - fee)
    if not fill.amount_in:
        taken, fee = arrived, 0
    elif not ladder.on_input:
        taken, fee = fill.amount_in, fee_within(fill.amount_out, rate)
    elif fill.amount_in < arrived - fee:
        fee = fee_on_top(fill.amount_in, rate)
        taken = fill.amount_in + fee
    else:
        taken = arrived
    given = fill.amount_out if ladder.on_input else fill.amount_out - fee
    return Walk(
        rungs,
        rung,
        fill,
        rungs.inputs[rung] + taken,
        rungs.outputs[rung] + (given if wanted is None else wanted),
        rungs.fees[rung] + fee,
        rungs.protocol_fees[rung] + ladder.fees.of_protocol(fee, fill.maker_in, fill.amount_in),
        surplus=0 if wanted is None else given - wanted,
    )
