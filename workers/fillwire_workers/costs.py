"""What an execution cost: the implementation shortfall, and what it is made of.

The whole amount was worth so much at the mid price when the order arrived, and gave so much less (exact-in), or took so
much more (exact-out). The way from one to the other has four stretches:

    arrival mid -> mid at routing    drift      the price moved while the order waited
                -> quote             fee        what the venues take, and
                                     impact     what the amount itself does to the price
                -> execution         slippage   pools moved between the quote and the landing

All of it is in bps of the worth at arrival; see Perold, "The implementation shortfall", J. of Portfolio Management 14 (1988).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Final

from fillwire_orders.event import Candidate, Cost, Fired, Leg, Route
from fillwire_orders.order import OrderType

__all__ = ["arrival", "cost"]

_PLACES: Final = 4
_BPS: Final = 10_000
_DIGITS: Final = Context(prec=60)
_FIRED_BY_MID: Final = frozenset({OrderType.STOP, OrderType.TAKE_PROFIT, OrderType.TRAILING_STOP})


def arrival(accepted_mid: Decimal | None, fired: Fired | None) -> Decimal | None:
    """The mid price at which an order arrived in the market: when it was accepted, or when it fired.

    `None`: nobody has recorded it. What fires a limit is an average price, and no mid.
    """
    if fired is None:
        return accepted_mid
    if fired.mid_price:
        return Decimal(fired.mid_price)
    return Decimal(fired.price) if fired.price and fired.condition in _FIRED_BY_MID else None


def cost(
    planned: Route, *, amount_in: int, amount_out: int, arrival_mid: Decimal | None, decimals: tuple[int, int]
) -> Cost | None:
    """What it cost to swap `amount_in` into `amount_out` as `planned`; `None` where a mid price is not known.

    Mid prices are in whole tokens, which have so many `decimals`, in and out.
    """
    mid = Decimal(planned.mid_price)
    if arrival_mid is None or min(arrival_mid, mid) <= 0:
        return None
    with localcontext(_DIGITS):
        scale = decimals[1] - decimals[0]
        return _Sheet(planned, arrival_mid.scaleb(scale), mid.scaleb(scale)).cost(amount_in, amount_out)


class _Sheet:
    """Counts in the token of the side that is not exact, for the whole exact amount as planned; mids are of raw units."""

    def __init__(self, planned: Route, arrival_mid: Decimal, mid: Decimal) -> None:
        self._planned = planned
        self._arrived = self._worth(arrival_mid)
        self._routed = self._worth(mid)
        self._quoted = Decimal(planned.amount_in if planned.exact_out else planned.amount_out)

    def cost(self, amount_in: int, amount_out: int) -> Cost:
        realised = self._realised(amount_in, amount_out)
        total = self._worse(self._arrived, realised)
        drift = self._worse(self._arrived, self._routed)
        fee = self._bps(self._fees())
        slippage = self._worse(self._quoted, realised)
        second = _second_best(self._planned)
        amount = None if second is None else _quote(second, self._planned)
        return Cost(
            total_bps=float(total),
            drift_bps=float(drift),
            fee_bps=float(fee),
            impact_bps=float(total - drift - fee - slippage),
            slippage_bps=float(slippage),
            second_best_venue="" if second is None else second.venue,
            second_best_amount=amount,
            saved_bps=0.0 if amount is None else float(self._worse(self._quoted, Decimal(amount))),
        )

    def _worth(self, mid: Decimal) -> Decimal:
        return self._planned.amount_out / mid if self._planned.exact_out else self._planned.amount_in * mid

    def _realised(self, amount_in: int, amount_out: int) -> Decimal:
        """What an execution gave or took; of one that swapped another exact amount, in proportion."""
        if self._planned.exact_out:
            return Decimal(amount_in) * self._planned.amount_out / amount_out
        return Decimal(amount_out) * self._planned.amount_in / amount_in

    def _worse(self, before: Decimal, after: Decimal) -> Decimal:
        """By how many bps the latter is worse."""
        return self._bps(after - before if self._planned.exact_out else before - after)

    def _bps(self, amount: Decimal) -> Decimal:
        return round(amount / self._arrived * _BPS, _PLACES)

    def _fees(self) -> Decimal:
        """All fees of the route as quoted, each valued along the rest of the route."""
        legs = self._planned.legs
        values = _values(legs)
        fees = sum((leg.fee_in * values[leg.token_in] + leg.fee_out * values[leg.token_out] for leg in legs), Decimal())
        return fees / values[legs[0].token_in] if legs and self._planned.exact_out else fees


def _values(legs: Sequence[Leg]) -> Mapping[str, Decimal]:
    """What a unit of each token brings in the end, at the prices of the legs that sell it before their fees.

    Valued so, the fees of several legs add up to all that the route would bring more if there were none. A leg comes
    after those that bring what it sells: from the last to the first, whatever a leg brings has its value by then.
    """
    values = {leg.token_out: Decimal(1) for leg in legs[-1:]}
    brought, sold = defaultdict[str, Decimal](Decimal), defaultdict[str, int](int)
    for leg in reversed(legs):
        brought[leg.token_in] += (leg.amount_out + leg.fee_out) * values[leg.token_out]
        sold[leg.token_in] += leg.amount_in - leg.fee_in
        values[leg.token_in] = brought[leg.token_in] / (sold[leg.token_in] or 1)
    return values


def _second_best(planned: Route) -> Candidate | None:
    """The best quote for the whole amount of a venue that has no leg; `None`: there was none."""
    used = {leg.venue for leg in planned.legs}
    quotes = [(amount, one) for one in planned.candidates if one.venue not in used and (amount := _quote(one, planned))]
    best = min if planned.exact_out else max
    return best(quotes, key=lambda quoted: quoted[0])[1] if quotes else None


def _quote(one: Candidate, planned: Route) -> int | None:
    return one.amount_in if planned.exact_out else one.amount_out
