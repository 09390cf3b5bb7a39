"""From swaps to orders: what the market says, in the journal's words.

The only place where the vocabularies of `fillwire_dex` and `fillwire_orders` meet.
"""

from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from typing import Final, TypedDict, assert_never

import msgspec

from fillwire_dex import (
    AmountTooSmall,
    Expired,
    InsufficientLiquidity,
    Landed,
    LandedLeg,
    MarketUnavailable,
    NoRoute,
    RefusalReason,
    Refused,
    Unquotable,
    Verdict,
    router,
    tokens,
)
from fillwire_dex import Candidate as DexCandidate
from fillwire_dex import Leg as DexLeg
from fillwire_dex import Route as DexRoute
from fillwire_dex.scores import Record
from fillwire_orders import Claimed, Failure, FailureReason, Routing, VenueRecord
from fillwire_orders.event import Candidate, Leg, Receipt, Route

__all__ = [
    "HOPELESS",
    "failure",
    "floor",
    "kept",
    "limits",
    "receipt",
    "refusal",
    "remembered",
    "route",
    "too_late",
    "unacceptable",
]

HOPELESS: Final = frozenset({FailureReason.AMOUNT_TOO_SMALL, FailureReason.DEADLINE_EXCEEDED})
"""What another attempt cannot mend."""

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


def floor(found: DexRoute, order: Claimed) -> int:
    """The least output the order accepts: the one fixed at its first route, else the stricter of its two limits."""
    if order.floor_amount_out is not None:
        return order.floor_amount_out
    by_slippage = 0 if order.slippage_bps is None else found.floor(order.slippage_bps)
    return max(by_slippage, order.min_amount_out or 0, 1)


def unacceptable(found: DexRoute, order: Claimed) -> Failure | None:
    """Why the order does not want this route; `None`: it does."""
    limit = order.max_price_impact_bps
    if limit is not None and found.price_impact_bps > limit:
        impact = f"{found.price_impact_bps:.2f}"
        return Failure(FailureReason.PRICE_IMPACT_EXCEEDED, f"price impact {impact} bps, the order allows {limit}")
    if found.amount_out < (least := floor(found, order)):
        return Failure(
            FailureReason.SLIPPAGE_EXCEEDED,
            f"the best route gives {_said(found.amount_out, order.token_out)}, the order's minimum is "
            f"{_said(least, order.token_out)}; nothing was sent",
        )
    return None


def too_late() -> Failure:
    """The deadline passed."""
    return Failure(FailureReason.DEADLINE_EXCEEDED, "the deadline passed; nothing was swapped")


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
    return Route(
        amount_in=found.amount_in,
        amount_out=found.amount_out,
        legs=tuple(_leg(leg) for leg in found.legs),
        upper_bound=found.bound,
        gap_bps=round(found.gap_bps, 6),
        price_impact_bps=round(found.price_impact_bps, 4),
        best_single_amount_out=None if found.best_single is None else found.best_single.amount_out,
        candidates=_candidates(found),
        mid_price=_plain(found.mid_price),
        slot=found.slot,
        router_micros=int(found.elapsed_us),
    )


def receipt(
    landed: Landed, signature: str, planned: Route, *, decimals: tuple[int, int], venue_seconds: float
) -> Receipt:
    """What the swap gave, against what its route had promised."""
    price = Decimal(landed.amount_out) / Decimal(landed.amount_in)
    return Receipt(
        signature=signature,
        slot=landed.slot,
        amount_in=landed.amount_in,
        amount_out=landed.amount_out,
        price=_plain(price.scaleb(decimals[0] - decimals[1])),
        quoted_amount_out=planned.amount_out,
        slippage_bps=round((landed.amount_out / planned.amount_out - 1) * 10_000, 4),
        legs=_landed_legs(landed, planned),
        venue_seconds=venue_seconds,
    )


def _candidates(found: DexRoute) -> tuple[Candidate, ...]:
    """The pools of the pair, those of every pair the route trades, and others that were not just passed over.

    Most pools between other tokens were, without a quote; telling them all would make a log ten times larger.
    """
    told = {(found.token_in, found.token_out)} | {(leg.token_in, leg.token_out) for leg in found.legs}
    return tuple(
        _candidate(one)
        for one in found.candidates
        if (one.token_in, one.token_out) in told or one.verdict is not Verdict.OUTPRICED
    )


def _candidate(it: DexCandidate) -> Candidate:
    used = it.verdict is Verdict.USED
    return Candidate(
        venue=it.venue,
        pool=it.pool_id,
        token_in=it.token_in.symbol,
        token_out=it.token_out.symbol,
        amount_out=it.amount_out,
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


def _landed_legs(landed: Landed, planned: Route) -> tuple[Leg, ...]:
    """The legs as they were executed, beside what the route had promised; both are in the order of execution."""
    sold = Counter[str]()
    for leg in landed.legs:
        sold[leg.token_in] += leg.amount_in
    return tuple(
        _landed_leg(leg, plan, sold[leg.token_in]) for leg, plan in zip(landed.legs, planned.legs, strict=True)
    )


def _landed_leg(leg: LandedLeg, plan: Leg, sold: int) -> Leg:
    fee = leg.fee_in / leg.amount_in + leg.fee_out / (leg.amount_out + leg.fee_out)
    return Leg(
        venue=leg.venue,
        pool=leg.pool_id,
        token_in=plan.token_in,
        token_out=plan.token_out,
        amount_in=leg.amount_in,
        amount_out=leg.amount_out,
        fee_in=leg.fee_in,
        fee_out=leg.fee_out,
        fee_bps=round(fee * 10_000, 4),
        share_bps=round(leg.amount_in / sold * 10_000, 2),
        quoted_amount_out=plan.amount_out * leg.amount_in // plan.amount_in,
    )


def _said(amount: int, symbol: str) -> str:
    """An amount for people, in whole tokens."""
    return f"{Decimal(amount).scaleb(-tokens.find(symbol).decimals):f} {symbol}"


def _plain(number: Decimal) -> str:
    """Twelve significant digits, without an exponent and without zeros at the end."""
    text = f"{number.normalize():.12g}" if number else "0"
    return f"{Decimal(text):f}"
