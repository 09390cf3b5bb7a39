"""The best plan over the direct pools and all ways through one other token.

All pools from the token sold to a token on the way, and all from there to the token bought, make one curve (`series`),
so that the ways are filled like parallel pools, and the pools of each way like parallel pools again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import inf
from typing import Final

from fillwire_dex.route import Mode
from fillwire_dex.routing.direct import Direct, potentials
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.ladder import Ladder, climb
from fillwire_dex.routing.plan import Flow, Plan
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.series import after, beside, until
from fillwire_dex.routing.waterfill import Fill, Waterfill

_AT_ONCE: Final = 1 + 1e-10
"""Levels as near as this are one: what the rounding of floats leaves of a full pool is no room."""


@dataclass(frozen=True, slots=True)
class Way:
    """The pools of two pairs, one after the other, through token number `through`; `curve` is what they are together."""

    through: int
    first: tuple[int, ...]
    second: tuple[int, ...]
    curve: Ladder


class Chains:
    """Water-filling over direct pools and ways through one token."""

    def __init__(self, graph: Graph, request: Request) -> None:
        self._graph, self._request = graph, request
        self._direct = Direct(graph, request)

    def plan(self, *, among: Collection[int] | None = None, near: Plan | None = None) -> Plan | None:
        """Return the best plan over these passages (default: all), None if they cannot fill the order."""
        alone = self._direct.fill(among, near)
        ways = list(self._ways(among, 0.0 if alone is None else alone.marginal_price))
        if not ways:
            return self._direct.plan(among=among, near=near)
        direct = self._usable((SOURCE, TARGET), among)
        ladders = [*(self._graph.passages[number].ladder for number in direct), *(way.curve for way in ways)]
        found = Waterfill(ladders).fill(self._request.amount, self._request.mode)
        if found is None:
            return None
        flows = {number: found.flows[index] for index, number in enumerate(direct) if index in found.flows}
        used = [(way, found.flows[index]) for index, way in enumerate(ways, len(direct)) if index in found.flows]
        return self._joined(flows, used, found.marginal_price)

    def candidates(self, plan: Plan) -> Collection[int]:
        """Return all passages: what is taken from one, another may take."""
        return range(len(self._graph.passages))

    def _ways(self, among: Collection[int] | None, price: float) -> Iterator[Way]:
        """Yield the ways whose first unit is better than `price`, as far as they are."""
        side = 0 if self._request.mode is Mode.EXACT_IN else 1
        for token in self._graph.between:
            first, second = self._usable((SOURCE, token), among), self._usable((token, TARGET), among)
            if not first or not second or self._best(first) * self._best(second) <= price:
                continue
            whole = after(beside(self._ladders(first)), beside(self._ladders(second)))
            if curve := until(whole, price=price, amount=self._request.amount, side=side):
                yield Way(token, first, second, climb(curve))

    def _usable(self, pair: tuple[int, int], among: Collection[int] | None) -> tuple[int, ...]:
        numbers = self._graph.by_pair.get(pair, ())
        return tuple(one for one in numbers if (among is None or one in among) and self._graph.passages[one].curve)

    def _ladders(self, numbers: tuple[int, ...]) -> list[Ladder]:
        return [self._graph.passages[number].ladder for number in numbers]

    def _best(self, numbers: tuple[int, ...]) -> float:
        return max(self._graph.passages[number].curve[0].price for number in numbers)

    def _joined(self, flows: dict[int, Flow], used: list[tuple[Way, Flow]], price: float) -> Plan | None:
        """Return the plan of all ways, each shared out among its pools."""
        prices = {SOURCE: price}
        for way, flow in used:
            parts = self._shared(way, flow)
            if parts is None:
                return None
            for numbers, part in zip((way.first, way.second), parts, strict=True):
                flows.update((numbers[index], taken) for index, taken in part.flows.items())
            prices[way.through] = self._price(way, parts, price)
        return Plan.of(flows, potentials(self._graph, prices), self._graph, self._request)

    def _shared(self, way: Way, flow: Flow) -> tuple[Fill, Fill] | None:
        """Return how the pools of a way share its flow: what is wanted at one end decides what goes through."""
        mode = self._request.mode
        first, second = Waterfill(self._ladders(way.first)), Waterfill(self._ladders(way.second))
        if mode is Mode.EXACT_IN:
            near = first.fill(flow[0], mode)
            far = near and second.fill(near.amount_out, mode)
        else:
            far = second.fill(flow[1], mode)
            near = far and first.fill(far.amount_in, mode)
        return (near, far) if near and far else None

    def _price(self, way: Way, parts: tuple[Fill, Fill], price: float) -> float:
        """Return what the token of a way is worth: what its pools agree on, at both ends.

        Where a curve bends, any price between those before and behind the bend is one it agrees on.
        """
        near, far = parts
        behind = 1 / self._next_level(way.second, far.level) ** 2
        return min(max(price / near.marginal_price, behind), far.marginal_price)

    def _next_level(self, numbers: tuple[int, ...], level: float) -> float:
        """Return the level at which these pools take more than at this one: the same one unless all are full there."""
        return min((ladder.onward(level * _AT_ONCE) for ladder in self._ladders(numbers)), default=inf)
