"""A plan in whole units: every amount an integer, every leg quoted exactly by its pool, each pool once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, inf
from typing import Final

from fillwire_dex.errors import Unquotable
from fillwire_dex.pools.pool import Swap
from fillwire_dex.route import Mode, Verdict
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph, Passage
from fillwire_dex.routing.order import by_token, ranks
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.request import Request

_ENDS: Final = (1e-12, 1e-9, 1e-6)
"""By how much an exact quote may end before the curve, beside a unit: every range rounds against the trader."""


@dataclass(frozen=True, slots=True)
class Execution:
    """The exact swap of each passage that is used."""

    swaps: Mapping[int, Swap]
    amount_in: int
    amount_out: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """The passages that do not take their share, and why: they had to pass on this amount of a token."""

    passages: dict[int, Verdict]
    token: int
    amount: int


def execute(graph: Graph, request: Request, plan: Plan) -> Execution | Refusal:
    """Quote a plan: what arrives at a token is shared out among its legs in proportion to their flows.

    An exact-out plan is quoted backwards: what is needed of a token is shared out among the legs that bring it.
    """
    backwards = request.mode is Mode.EXACT_OUT
    begin, end = (TARGET, SOURCE) if backwards else (SOURCE, TARGET)
    amounts = {begin: request.amount}
    swaps: dict[int, Swap] = {}
    for token, numbers in by_token(graph, plan.legs, backwards=backwards):
        amount = amounts.pop(token, 0)
        shares = _shares(graph, plan, numbers, amount, side=int(backwards))
        if shares is None:
            return Refusal(dict.fromkeys(numbers, Verdict.INSUFFICIENT_LIQUIDITY), token, amount)
        quotes, refused = _quotes(graph, shares, backwards=backwards)
        if refused:
            return Refusal(refused, token, amount)
        for number, swap in quotes.items():
            passage = graph.passages[number]
            other, carried = (passage.tail, swap.amount_in) if backwards else (passage.head, swap.amount_out)
            amounts[other] = amounts.get(other, 0) + carried
        swaps.update(quotes)
    if amounts.keys() != {end}:
        return Refusal(dict.fromkeys(_stranded(graph, swaps, amounts.keys() - {end}), Verdict.DUST), end, 0)
    if backwards:
        return Execution(swaps, amounts[end], request.amount)
    return Execution(swaps, request.amount, amounts[end])


def _quotes(graph: Graph, shares: Mapping[int, int], *, backwards: bool) -> tuple[dict[int, Swap], dict[int, Verdict]]:
    """Quote the legs of a token, until one refuses; it is returned second, with the reason.

    What one does not take, at its very end, the leg with the most room takes as well.
    """
    side = int(backwards)
    rooms = {number: _limit(graph.passages[number], side) - share for number, share in shares.items()}
    left = 0
    quotes: dict[int, Swap] = {}
    for place, number in enumerate(sorted(shares, key=lambda one: (rooms[one], one)), 1):
        passage, amount = graph.passages[number], shares[number]
        if place == len(shares):
            amount, left = amount + left, 0
        swap = _nearly(passage.buy if backwards else passage.sell, amount, graph.now, yielding=place < len(shares))
        if swap is None or swap.amount_out == 0:
            return quotes, {number: Verdict.INSUFFICIENT_LIQUIDITY if swap is None else Verdict.DUST}
        left += amount - (swap.amount_out if backwards else swap.amount_in)
        quotes[number] = swap
    return quotes, {}


def _nearly(quote: Callable[[int, int], Swap], amount: int, now: int, *, yielding: bool) -> Swap | None:
    """Return the quote of an amount, or of a little less where a pool that is `yielding` ends before its curve does."""
    for part in (0.0, *(_ENDS if yielding else ())):
        less = floor(amount * part) + bool(part)
        if less < amount and (swap := _quoted(quote, amount - less, now)) is not None:
            return swap
    return None


def _stranded(graph: Graph, swaps: Mapping[int, Swap], tokens: Collection[int]) -> list[int]:
    """Return the swaps of tokens that no other leg passes on."""
    passages = graph.passages
    return [number for number in swaps if passages[number].tail in tokens or passages[number].head in tokens]


def single(number: int, swap: Swap) -> Execution:
    """Return the execution that is one pool's answer to the whole order."""
    return Execution({number: swap}, swap.amount_in, swap.amount_out)


def singles(graph: Graph, mode: Mode, numbers: Iterable[int], amount: int) -> list[tuple[int, Swap]]:
    """Return the passages that can take an amount (exact in) or bring it (exact out) alone, the best one first."""
    passages = graph.passages
    quotes = ((one, passages[one].sell if mode is Mode.EXACT_IN else passages[one].buy) for one in numbers)
    able = [(one, swap) for one, quote in quotes if (swap := _quoted(quote, amount, graph.now)) and swap.amount_out]
    return sorted(able, key=lambda one: (-one[1].amount_out, one[1].amount_in, one[0]))


def in_order(graph: Graph, execution: Execution) -> list[tuple[int, Swap]]:
    """Return the swaps in an order in which they can be executed, the largest share of a token first."""
    rank = ranks({graph.passages[number].pair for number in execution.swaps}) or {}
    place = {token: index for index, token in enumerate(rank)}
    return sorted(
        execution.swaps.items(), key=lambda one: (place[graph.passages[one[0]].tail], -one[1].amount_in, one[0])
    )


def _quoted(quote: Callable[[int, int], Swap], amount: int, now: int) -> Swap | None:
    """Return an exact quote, None when the pool has none."""
    try:
        return quote(amount, now)
    except Unquotable:
        return None


def _shares(graph: Graph, plan: Plan, numbers: Sequence[int], amount: int, *, side: int) -> dict[int, int] | None:
    """Cut an amount into integers, by inputs (side 0) or outputs (1) of the plan; None when there is no room for it.

    What rounding leaves goes where there is most room; beyond 2**53 the floats may also sum to too much, which is
    taken from the largest.
    """
    total = sum(plan.flows[number][side] for number in numbers)
    if total <= 0 or amount <= 0:
        return {} if amount <= 0 else None
    limits = {number: _limit(graph.passages[number], side) for number in numbers}
    scale = amount / total
    shares = {number: floor(min(plan.flows[number][side] * scale, limits[number])) for number in numbers}
    rest = amount - sum(shares.values())
    rooms = {number: limits[number] - share for number, share in shares.items()}
    for number in sorted(numbers, key=(rooms if rest > 0 else shares).__getitem__, reverse=True):
        given = rest if rest <= rooms[number] else max(0, floor(rooms[number]))
        given = max(given, -shares[number])
        shares[number] += given
        rest -= given
    return {number: share for number, share in shares.items() if share > 0} if rest == 0 else None


def _limit(passage: Passage, side: int) -> float:
    """Return the most a passage can be sold, or bought from."""
    ladder = passage.ladder
    most = (ladder.capacity, ladder.most)[side]
    return most if ladder.capacity != inf or side == 0 else most * (1 - 1e-12)
