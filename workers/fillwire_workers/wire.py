"""From swaps to orders: what the market says, in the journal's words.

The only place where the vocabularies of `fillwire_dex` and `fillwire_orders` meet.
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Final, TypedDict, assert_never

import msgspec

from fillwire_dex import (
    AmountTooSmall,
    Expired,
    InsufficientLiquidity,
    MarketUnavailable,
    Mode,
    NoRoute,
    RefusalReason,
    Refused,
    Unquotable,
    Verdict,
    router,
)
from fillwire_dex import Candidate as DexCandidate
from fillwire_dex import Leg as DexLeg
from fillwire_dex import Route as DexRoute
from fillwire_dex.scores import Record
from fillwire_orders import Claimed, Failure, FailureReason, Routing, VenueRecord
from fillwire_orders.event import Candidate, Leg, Resting, Route

__all__ = [
    "HOPELESS",
    "PRICE_IS_GONE",
    "failure",
    "kept",
    "limits",
    "plain",
    "refusal",
    "remembered",
    "resting",
    "route",
    "too_late",
    "withdrawn",
]

HOPELESS: Final = frozenset({FailureReason.AMOUNT_TOO_SMALL, FailureReason.DEADLINE_EXCEEDED})
"""What another attempt cannot mend."""

PRICE_IS_GONE: Final = frozenset(
    {
        FailureReason.LIMIT_NOT_MET,
        FailureReason.SLIPPAGE_EXCEEDED,
        FailureReason.PRICE_IMPACT_EXCEEDED,
        FailureReason.INSUFFICIENT_LIQUIDITY,
        FailureReason.NO_ROUTE,
    }
)
"""What a limit order waits to see mended."""

_REFUSALS: Final = {
    RefusalReason.SLIPPAGE_EXCEEDED: FailureReason.SLIPPAGE_EXCEEDED,
    RefusalReason.INSUFFICIENT_LIQUIDITY: FailureReason.INSUFFICIENT_LIQUIDITY,
    RefusalReason.AMOUNT_TOO_SMALL: FailureReason.AMOUNT_TOO_SMALL,
    RefusalReason.UNKNOWN_POOL: FailureReason.VENUE_REFUSED,
    RefusalReason.VENUE_HALTED: FailureReason.VENUE_REFUSED,
    RefusalReason.SIMULATED: FailureReason.VENUE_REFUSED,
}


class _Limits(TypedDict):
    max_legs: int
    max_hops: int
    venues: tuple[str, ...] | None
    excluded_venues: tuple[str, ...]


def limits(routing: Routing) -> _Limits:
    """What the router is told; what the order leaves open is left to the router."""
    return _Limits(
        max_legs=routing.max_legs or router.MAX_LEGS,
        max_hops=routing.max_hops or router.MAX_HOPS,
        venues=routing.include_venues or None,
        excluded_venues=routing.exclude_venues,
    )


def too_late() -> Failure:
    """The deadline passed."""
    return Failure(FailureReason.DEADLINE_EXCEEDED, "the deadline passed; nothing was swapped")


def withdrawn() -> Failure:
    """The owner wants it so."""
    return Failure(FailureReason.WITHDRAWN, "withdrawn by its owner; nothing was swapped")


def resting(order: Claimed, cause: Failure) -> Resting:
    """What a limit order waits for again."""
    return Resting(trigger_price=f"{order.limit.price:f}" if order.limit else "", cause=cause)


def failure(error: Unquotable | MarketUnavailable) -> Failure:
    """Why there is no route."""
    match error:
        case AmountTooSmall():
            reason = FailureReason.AMOUNT_TOO_SMALL
        case InsufficientLiquidity():
            reason = FailureReason.INSUFFICIENT_LIQUIDITY
        case NoRoute():
            reason = FailureReason.NO_ROUTE
        case MarketUnavailable():
            reason = FailureReason.VENUE_UNAVAILABLE
        case _:
            raise AssertionError(f"no word for {type(error).__name__}")
    return Failure(reason, str(error))


def refusal(outcome: Refused | Expired, *, too_late: bool) -> Failure:
    """Why a transaction swapped nothing."""
    match outcome:
        case Refused(reason=reason, message=message):
            return Failure(_REFUSALS[reason], message)
        case Expired() if too_late:
            return Failure(FailureReason.DEADLINE_EXCEEDED, "the deadline passed before the transaction landed")
        case Expired(slot=slot):
            return Failure(FailureReason.TRANSACTION_EXPIRED, f"not landed by slot {slot}, and now it never can")
        case _:
            assert_never(outcome)


def route(found: DexRoute) -> Route:
    """The route as it is recorded."""
    single, exact_out = found.best_single, found.mode is Mode.EXACT_OUT
    return Route(
        amount_in=found.amount_in,
        amount_out=found.amount_out,
        legs=tuple(_leg(leg) for leg in found.legs),
        bound=found.bound,
        gap_bps=round(found.gap_bps, 6),
        price_impact_bps=round(found.price_impact_bps, 4),
        best_single_amount_out=None if single is None or exact_out else single.amount_out,
        candidates=_candidates(found),
        mid_price=plain(found.mid_price),
        slot=found.slot,
        router_micros=int(found.elapsed_us),
        exact_out=exact_out,
        best_single_amount_in=single.amount_in if single is not None and exact_out else None,
    )


def _candidates(found: DexRoute) -> tuple[Candidate, ...]:
    """The pools of the pair, those of every pair the route trades, and others that were not just passed over.

    Most pools between other tokens were, without a quote; telling them all would make a log ten times larger.
    """
    told = {(found.token_in, found.token_out)} | {(leg.token_in, leg.token_out) for leg in found.legs}
    return tuple(
        _candidate(one, exact_out=found.mode is Mode.EXACT_OUT)
        for one in found.candidates
        if (one.token_in, one.token_out) in told or one.verdict is not Verdict.OUTPRICED
    )


def _candidate(it: DexCandidate, *, exact_out: bool) -> Candidate:
    used = it.verdict is Verdict.USED
    return Candidate(
        venue=it.venue,
        pool=it.pool_id,
        token_in=it.token_in.symbol,
        token_out=it.token_out.symbol,
        amount_in=it.amount_in if exact_out else None,
        amount_out=None if exact_out else it.amount_out,
        used=used,
        reason="" if used else it.verdict,
        behind_bps=round(it.lost_by_bps or 0.0, 4),
        haircut_bps=it.haircut_bps,
    )


def kept(record: Record) -> VenueRecord:
    """What was seen of a venue, as it is stored."""
    return VenueRecord(**asdict(record))


def remembered(record: VenueRecord) -> Record:
    """What is stored of a venue, as it is scored."""
    return Record(**msgspec.structs.asdict(record))


def _leg(leg: DexLeg) -> Leg:
    return Leg(
        venue=leg.venue,
        pool=leg.pool_id,
        token_in=leg.token_in.symbol,
        token_out=leg.token_out.symbol,
        amount_in=leg.amount_in,
        amount_out=leg.amount_out,
        fee_in=leg.fee_in,
        fee_out=leg.fee_out,
        fee_bps=round(leg.fee_bps, 4),
        share_bps=round(leg.share_bps, 2),
    )


def plain(number: Decimal) -> str:
    """Twelve significant digits, without an exponent and without zeros at the end."""
    text = f"{number.normalize():.12g}" if number else "0"
    return f"{Decimal(text):f}"
