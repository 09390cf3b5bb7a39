"""What an order accepts at worst, and whether a route is within it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fillwire_dex import Route, tokens
from fillwire_orders import Claimed, Failure, FailureReason

__all__ = ["NO_BOUND", "Bound", "bound", "unacceptable"]

_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Bound:
    """The least output of an exact-in order, or the most input of an exact-out one; smallest units."""

    floor: int | None = None
    ceiling: int | None = None


NO_BOUND: Final = Bound()


def bound(found: Route, order: Claimed) -> Bound:
    """What was fixed at the order's first route, else the strictest of its limits.

    Slippage counts from the quote the order is bound to, else from this route.
    """
    if order.amount_in is not None:
        return Bound(floor=order.floor_amount_out or _floor(found, order))
    return Bound(ceiling=order.ceiling_amount_in or _ceiling(found, order))


def unacceptable(found: Route, order: Claimed) -> Failure | None:
    """Why the order does not want this route; `None`: it does."""
    limit = order.max_price_impact_bps
    if limit is not None and found.price_impact_bps > limit:
        impact = f"{found.price_impact_bps:.2f}"
        return Failure(FailureReason.PRICE_IMPACT_EXCEEDED, f"price impact {impact} bps, the order allows {limit}")
    accepted = bound(found, order)
    if accepted.floor is not None and found.amount_out < accepted.floor:
        gives, least = _said(found.amount_out, order.token_out), _said(accepted.floor, order.token_out)
        return Failure(
            _reason(order), f"the best route gives {gives}, the order's minimum is {least}; nothing was sent"
        )
    if accepted.ceiling is not None and found.amount_in > accepted.ceiling:
        takes, most = _said(found.amount_in, order.token_in), _said(accepted.ceiling, order.token_in)
        return Failure(_reason(order), f"the best route takes {takes}, the order's maximum is {most}; nothing was sent")
    return None


def _floor(found: Route, order: Claimed) -> int:
    limits = [order.min_amount_out, None if order.limit is None else order.limit.amount]
    if order.slippage_bps is not None:
        limits.append(-(-(order.quoted_amount or found.amount_out) * (_WHOLE - order.slippage_bps) // _WHOLE))
    return max(1, *(limit for limit in limits if limit is not None))


def _ceiling(found: Route, order: Claimed) -> int:
    limits = [order.max_amount_in, None if order.limit is None else order.limit.amount]
    if order.slippage_bps is not None:
        limits.append((order.quoted_amount or found.amount_in) * (_WHOLE + order.slippage_bps) // _WHOLE)
    return min(limit for limit in limits if limit is not None)


def _reason(order: Claimed) -> FailureReason:
    return FailureReason.SLIPPAGE_EXCEEDED if order.limit is None else FailureReason.LIMIT_NOT_MET


def _said(amount: int, symbol: str) -> str:
    """An amount for people, in whole tokens."""
    return f"{Decimal(amount).scaleb(-tokens.find(symbol).decimals):f} {symbol}"
