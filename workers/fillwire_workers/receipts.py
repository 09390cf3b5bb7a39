"""What a swap gave, against what its route had promised."""

from collections import Counter
from decimal import Decimal

from fillwire_dex import Landed, LandedLeg, tokens
from fillwire_orders import Claimed
from fillwire_orders.event import Leg, Receipt, Route
from fillwire_workers import costs
from fillwire_workers.wire import plain

__all__ = ["receipt"]


def receipt(landed: Landed, signature: str, planned: Route, order: Claimed, *, venue_seconds: float) -> Receipt:
    """What the swap gave, against what its route had promised."""
    price = Decimal(landed.amount_out) / Decimal(landed.amount_in)
    promised = Decimal(planned.amount_out) / Decimal(planned.amount_in)
    decimals = tokens.find(order.token_in).decimals, tokens.find(order.token_out).decimals
    arrival_mid = costs.arrival(order.arrival_mid_price, order.fired)
    return Receipt(
        signature=signature,
        slot=landed.slot,
        amount_in=landed.amount_in,
        amount_out=landed.amount_out,
        price=plain(price.scaleb(decimals[0] - decimals[1])),
        quoted_amount_in=planned.amount_in,
        quoted_amount_out=planned.amount_out,
        slippage_bps=round(float(price / promised - 1) * 10_000, 4),
        legs=_landed_legs(landed, planned),
        venue_seconds=venue_seconds,
        arrival_mid_price="" if arrival_mid is None else plain(arrival_mid),
        cost=costs.cost(
            planned,
            amount_in=landed.amount_in,
            amount_out=landed.amount_out,
            arrival_mid=arrival_mid,
            decimals=decimals,
        ),
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
