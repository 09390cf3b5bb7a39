"""What a route says about itself: its legs, the pools that lost, and how good its price is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter_ns

from fillwire_dex.contender import Contender
from fillwire_dex.pools.pool import Direction, Swap
from fillwire_dex.route import Candidate, Leg, Route, Verdict
from fillwire_dex.snapshot import Listing, Snapshot


@dataclass(frozen=True, slots=True)
class Choice:
    """What the router decided: the exact swap of each contender that is used.

    `dropped` says why a contender was taken out of the search, `excluded` are the pools that were never in it.
    """

    snapshot: Snapshot
    amount_in: int
    leg_cost: int
    contenders: Sequence[Contender]
    excluded: Sequence[Listing]
    execution: Mapping[int, Swap]
    dropped: Mapping[int, Verdict]
    upper_bound: int

    @property
    def amount_out(self) -> int:
        """What the legs bring together, fees taken."""
        return sum(swap.amount_out for swap in self.execution.values())


def route(choice: Choice, *, started_ns: int) -> Route:
    """Return the route of a choice; `started_ns` is when the router was asked, by `perf_counter_ns`."""
    snapshot, amount_in, amount_out = choice.snapshot, choice.amount_in, choice.amount_out
    candidates = tuple(_candidates(choice, amount_out))
    mid = _mid_price(choice.contenders)
    decimals = snapshot.token_in.decimals - snapshot.token_out.decimals
    return Route(
        token_in=snapshot.token_in,
        token_out=snapshot.token_out,
        amount_in=amount_in,
        amount_out=amount_out,
        legs=_legs(choice),
        upper_bound=choice.upper_bound,
        gap_bps=_gap_bps(choice.upper_bound, amount_out - choice.leg_cost * len(choice.execution)),
        mid_price=Decimal(repr(mid)).scaleb(decimals),
        price_impact_bps=(1 - amount_out / (amount_in * mid)) * 10_000,
        best_single=_best_single(candidates),
        candidates=candidates,
        leg_cost=choice.leg_cost,
        slot=snapshot.slot,
        elapsed_us=(perf_counter_ns() - started_ns) / 1_000,
    )


def _legs(choice: Choice) -> tuple[Leg, ...]:
    """Return the legs, the largest first."""
    largest_first = sorted(choice.execution.items(), key=lambda leg: -leg[1].amount_in)
    return tuple(_leg(choice.contenders[index].listing, swap, choice) for index, swap in largest_first)


def _leg(listing: Listing, swap: Swap, choice: Choice) -> Leg:
    kept_in = 1 - swap.fee_in / swap.amount_in
    kept_out = swap.amount_out / (swap.amount_out + swap.fee_out)
    return Leg(
        pool_id=listing.id,
        venue=listing.venue,
        kind=listing.kind,
        pool_version=listing.version,
        token_in=choice.snapshot.token_in,
        token_out=choice.snapshot.token_out,
        amount_in=swap.amount_in,
        amount_out=swap.amount_out,
        fee_in=swap.fee_in,
        fee_out=swap.fee_out,
        fee_bps=(1 - kept_in * kept_out) * 10_000,
        share_bps=swap.amount_in / choice.amount_in * 10_000,
    )


def _candidates(choice: Choice, amount_out: int) -> Iterable[Candidate]:
    """Yield every pool of the pair with its own quote and why it is used or not."""
    for index, contender in enumerate(choice.contenders):
        own = None if contender.whole is None else contender.whole.amount_out
        yield _candidate(contender.listing, _verdict(choice, index), own, amount_out)
    for listing in choice.excluded:
        yield _candidate(listing, Verdict.EXCLUDED, None, amount_out)


def _verdict(choice: Choice, index: int) -> Verdict:
    if index in choice.execution:
        return Verdict.USED
    unsellable = not choice.contenders[index].curve
    return choice.dropped.get(index, Verdict.INSUFFICIENT_LIQUIDITY if unsellable else Verdict.OUTPRICED)


def _candidate(listing: Listing, verdict: Verdict, own: int | None, amount_out: int) -> Candidate:
    lost_by_bps = None if own is None else max(0.0, (1 - own / amount_out) * 10_000)
    return Candidate(listing.id, listing.venue, listing.kind, verdict, own, lost_by_bps)


def _best_single(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the pool with the best answer to the whole amount, None when none has one."""
    able = [candidate for candidate in candidates if candidate.amount_out is not None]
    return max(able, key=lambda candidate: candidate.amount_out or 0, default=None)


def _mid_price(contenders: Sequence[Contender]) -> float:
    """Return the pre-trade mid, in raw units of token_out for one raw unit of token_in.

    It is the average of the pools' prices before fees, weighted by their depth, so that a nearly empty pool with an
    odd price does not move it.
    """
    weighted = weight = 0.0
    for contender in contenders:
        spot = contender.listing.pool.spot_price()
        depth = sum(min(segment.depth, segment.capacity) for segment in contender.curve)
        weighted += depth * (spot if contender.direction is Direction.A_TO_B else 1 / spot)
        weight += depth
    return weighted / weight


def _gap_bps(upper_bound: int, achieved: int) -> float:
    """Return how far `achieved` lies below the bound."""
    return (upper_bound - achieved) / upper_bound * 10_000 if upper_bound > 0 else 0.0
