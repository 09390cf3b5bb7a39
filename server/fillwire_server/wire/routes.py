"""Recorded routes."""

from fillwire.v1 import route_pb2 as pb
from fillwire_orders.event import Candidate, Leg, Route
from fillwire_server.wire.scalars import amount

__all__ = ["leg", "route"]


def route(it: Route) -> pb.Route:
    """A route as it was recorded."""
    return pb.Route(
        amount_in=str(it.amount_in),
        amount_out=str(it.amount_out),
        legs=[leg(one) for one in it.legs],
        upper_bound="" if it.exact_out else str(it.bound),
        lower_bound=str(it.bound) if it.exact_out else "",
        gap_bps=it.gap_bps,
        price_impact_bps=it.price_impact_bps,
        best_single_amount_out=amount(it.best_single_amount_out),
        best_single_amount_in=amount(it.best_single_amount_in),
        candidates=[_candidate(one) for one in it.candidates],
        slot=it.slot,
        router_micros=it.router_micros,
        mid_price=it.mid_price,
    )


def leg(it: Leg) -> pb.Leg:
    """One swap, planned or done."""
    return pb.Leg(
        venue=it.venue,
        pool=it.pool,
        token_in=it.token_in,
        token_out=it.token_out,
        amount_in=str(it.amount_in),
        amount_out=str(it.amount_out),
        fee_in=str(it.fee_in),
        fee_out=str(it.fee_out),
        fee_bps=it.fee_bps,
        share_bps=it.share_bps,
        quoted_amount_out=amount(it.quoted_amount_out),
    )


def _candidate(it: Candidate) -> pb.Candidate:
    return pb.Candidate(
        venue=it.venue,
        pool=it.pool,
        amount_in=amount(it.amount_in),
        amount_out=amount(it.amount_out),
        used=it.used,
        reason=it.reason,
        behind_bps=it.behind_bps,
        token_in=it.token_in,
        token_out=it.token_out,
        haircut_bps=it.haircut_bps,
    )
