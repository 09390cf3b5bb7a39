"""What a route says about itself: its legs, the pools that lost, and how good its price is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter_ns
from typing import assert_never

from fillwire_dex.pools.pool import Swap
from fillwire_dex.route import Candidate, Leg, Mode, Route, Verdict
from fillwire_dex.routing.execution import in_order
from fillwire_dex.routing.graph import Graph, Pair, Passage
from fillwire_dex.routing.mid import mid_price
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.search import Found
from fillwire_dex.snapshot import Listing, PoolId, Snapshot


@dataclass(frozen=True, slots=True)
class Choice:
    """What the router decided.

    `wholes` are the direct pools' own answers by passage number, `prices` what each token is worth in the best plan.
    """

    snapshot: Snapshot
    request: Request
    graph: Graph
    found: Found
    wholes: Mapping[int, Swap]
    prices: Sequence[float]
    bound: int


def route(choice: Choice, *, started_ns: int) -> Route:
    """Return the route of a choice; `started_ns` is when the router was asked, by `perf_counter_ns`."""
    snapshot, execution = choice.snapshot, choice.found.execution
    candidates = tuple(_candidates(choice))
    mid = mid_price(choice.graph)
    decimals = snapshot.token_in.decimals - snapshot.token_out.decimals
    return Route(
        token_in=snapshot.token_in,
        token_out=snapshot.token_out,
        mode=choice.request.mode,
        amount_in=execution.amount_in,
        amount_out=execution.amount_out,
        legs=_legs(choice),
        bound=choice.bound,
        gap_bps=_gap_bps(choice),
        mid_price=Decimal(repr(mid)).scaleb(decimals),
        price_impact_bps=(1 - execution.amount_out / (execution.amount_in * mid)) * 10_000,
        best_single=_best_single(candidates),
        candidates=candidates,
        leg_cost=choice.request.leg_cost,
        slot=snapshot.slot,
        elapsed_us=(perf_counter_ns() - started_ns) / 1_000,
    )


def _legs(choice: Choice) -> tuple[Leg, ...]:
    """Return the legs in the order of execution."""
    graph, execution = choice.graph, choice.found.execution
    sold: dict[int, int] = {}
    for number, swap in execution.swaps.items():
        tail = graph.passages[number].tail
        sold[tail] = sold.get(tail, 0) + swap.amount_in
    return tuple(
        _leg(graph, graph.passages[number], swap, sold[graph.passages[number].tail])
        for number, swap in in_order(graph, execution)
    )


def _leg(graph: Graph, passage: Passage, swap: Swap, sold: int) -> Leg:
    listing = passage.listing
    kept_in = 1 - swap.fee_in / swap.amount_in
    kept_out = swap.amount_out / (swap.amount_out + swap.fee_out)
    return Leg(
        pool_id=listing.id,
        venue=listing.venue,
        kind=listing.kind,
        pool_version=listing.version,
        token_in=graph.tokens[passage.tail],
        token_out=graph.tokens[passage.head],
        amount_in=swap.amount_in,
        amount_out=swap.amount_out,
        fee_in=swap.fee_in,
        fee_out=swap.fee_out,
        fee_bps=(1 - kept_in * kept_out) * 10_000,
        share_bps=swap.amount_in / sold * 10_000,
    )


def _candidates(choice: Choice) -> Iterable[Candidate]:
    """Yield every pool considered with its own answer and why it is used or not.

    One that only excluded pools lead to, or on from, is not considered.
    """
    numbers: dict[PoolId, list[int]] = {}
    for number, passage in enumerate(choice.graph.passages):
        numbers.setdefault(passage.listing.id, []).append(number)
    for listing, pair in choice.graph.considered:
        ways = numbers.get(listing.id)
        if ways is not None:
            number = _likelier(choice, ways)
            likelier = choice.graph.passages[number].pair
            yield _candidate(choice, listing, likelier, _verdict(choice, number), choice.wholes.get(number))
        elif not choice.request.permits(listing.venue):
            yield _candidate(choice, listing, pair, Verdict.EXCLUDED, None)


def _likelier(choice: Choice, numbers: Sequence[int]) -> int:
    """Return in which direction a pool is used, or would sooner be at the prices of the best plan."""
    if len(numbers) == 1:
        return numbers[0]
    prices = choice.prices

    def gain(number: int) -> tuple[bool, float]:
        passage = choice.graph.passages[number]
        first = passage.curve[0].price if passage.curve else 0.0
        rate = first * prices[passage.head] / prices[passage.tail] if prices[passage.tail] else 0.0
        return number in choice.found.execution.swaps, rate

    return max(numbers, key=gain)


def _verdict(choice: Choice, number: int) -> Verdict:
    if number in choice.found.execution.swaps:
        return Verdict.USED
    unsellable = not choice.graph.passages[number].curve
    return choice.found.dropped.get(number, Verdict.INSUFFICIENT_LIQUIDITY if unsellable else Verdict.OUTPRICED)


def _candidate(choice: Choice, listing: Listing, pair: Pair, verdict: Verdict, own: Swap | None) -> Candidate:
    tokens = choice.graph.tokens
    return Candidate(
        pool_id=listing.id,
        venue=listing.venue,
        kind=listing.kind,
        token_in=tokens[pair[0]],
        token_out=tokens[pair[1]],
        verdict=verdict,
        amount_in=None if own is None else own.amount_in,
        amount_out=None if own is None else own.amount_out,
        lost_by_bps=None if own is None else _lost_by_bps(choice, own),
        haircut_bps=choice.request.haircuts.get(listing.venue, 0.0),
    )


def _lost_by_bps(choice: Choice, own: Swap) -> float:
    """Return how much less a pool brings, or how much more it takes, than the route."""
    route = choice.found.execution
    match choice.request.mode:
        case Mode.EXACT_IN:
            worse = 1 - own.amount_out / route.amount_out
        case Mode.EXACT_OUT:
            worse = own.amount_in / route.amount_in - 1
        case _:
            assert_never(choice.request.mode)
    return max(0.0, worse * 10_000)


def _best_single(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the pool with the best answer to the whole order, None when none has one."""
    able = [candidate for candidate in candidates if candidate.lost_by_bps is not None]
    return min(able, key=lambda one: (one.amount_in or 0, -(one.amount_out or 0), one.pool_id), default=None)


def _gap_bps(choice: Choice) -> float:
    """Return how far the execution, net of what its legs cost, is from the bound."""
    execution, bound = choice.found.execution, choice.bound
    cost = choice.request.leg_cost * len(execution.swaps)
    match choice.request.mode:
        case Mode.EXACT_IN:
            return (bound - (execution.amount_out - cost)) / bound * 10_000 if bound > 0 else 0.0
        case Mode.EXACT_OUT:
            return (execution.amount_in + cost - bound) / (execution.amount_in + cost) * 10_000
        case _:
            assert_never(choice.request.mode)
