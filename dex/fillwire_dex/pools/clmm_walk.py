"""A swap under Raydium CLMM's dynamic fee, which changes the rate at every tick spacing.

Source: raydium-io/raydium-clmm, programs/amm/src/instructions/swap.rs (swap_internal).
Once the rate is at its most and stays there, the rest is an ordinary course at that rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from fillwire_dex.pools.clmm_volatility import DynamicFee
from fillwire_dex.pools.concentrated.course import NOTHING, Fill, Order, Point, course
from fillwire_dex.pools.concentrated.curve import curve, segment
from fillwire_dex.pools.concentrated.hull import hull
from fillwire_dex.pools.concentrated.ladder import Way
from fillwire_dex.pools.concentrated.slope import SLOPES
from fillwire_dex.pools.concentrated.steps import Levy, Stretch
from fillwire_dex.pools.pool import Segment


class Stage(NamedTuple):
    """A stretch of one rate, the rung that follows it, and the volatility it is walked at."""

    stretch: Stretch
    rung: int
    accumulator: int
    levy: Levy


@dataclass(frozen=True, slots=True)
class DynamicWalk:
    """A way under a dynamic fee, `fee` as the swap finds it; `levy` names the base rate."""

    way: Way
    levy: Levy
    fee: DynamicFee
    spacing: int

    def run(self, order: Order, start: Point, tick: int, amount: int) -> tuple[Fill, int]:
        """Return the fill of an amount and the volatility it ends with; raises TicksExhausted."""
        slope, tally, point = SLOPES[self.way.direction], NOTHING, start
        for stretch, rung, accumulator, levy in self.stages(start, tick):
            step = order.step(slope, stretch, levy, amount)
            tally, amount = tally.plus(step, levy), amount - order.spent(step)
            if step.sqrt_price != stretch.target:
                return Fill(tally, Point(point.rung, step.sqrt_price)), accumulator
            point = Point(rung, stretch.target)
            if not amount:
                return Fill(tally, point), accumulator
        most = self.fee.max_accumulator
        return course(self.way, self._levy(most)).run(order, point, amount, done=tally), most

    def curve(self, start: Point, tick: int) -> tuple[Segment, ...]:
        """Return the output curve, or its hull where the price first returns to the reference and the rate falls."""
        segments: list[Segment] = []
        point = start
        for stage in self.stages(start, tick):
            segments += segment(self.way.direction, stage.stretch, stage.levy)
            point = Point(stage.rung, stage.stretch.target)
        segments += curve(self.way, self._levy(self.fee.max_accumulator), point)
        return hull(segments)

    def stages(self, start: Point, tick: int) -> Iterator[Stage]:
        """Yield what a swap walks through until the rate is settled, or the ticks end.

        A stage also ends at the next multiple of the tick spacing, unless it has no liquidity or the most volatility.
        """
        way, fee, spacing, (rung, sqrt_price) = self.way, self.fee, self.spacing, start
        down, index = way.down, tick // spacing
        while rung < len(way.targets):
            accumulator, liquidity = fee.accumulated(index), way.liquidity[rung]
            most = accumulator == fee.max_accumulator
            if most and (index <= fee.reference_index if down else index >= fee.reference_index):
                return
            tick, target = way.ticks[rung], way.targets[rung]
            bound = (index if down else index + 1) * spacing
            if liquidity and not most and (bound > tick if down else bound < tick):
                tick, target = bound, way.scale.sqrt_price_at(bound)
            else:
                rung += 1
            yield Stage(Stretch(liquidity, sqrt_price, target), rung, accumulator, self._levy(accumulator))
            sqrt_price, index = target, tick // spacing - down

    def _levy(self, accumulator: int) -> Levy:
        rate = self.fee.rate(accumulator, base_rate=self.levy.rate, spacing=self.spacing)
        _, on_input, protocol_rate, fund_rate = self.levy
        return Levy(rate, on_input, protocol_rate, fund_rate)
