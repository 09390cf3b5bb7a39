"""Routes that the router has just found."""

from datetime import datetime

import fillwire_dex as dex
from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1 import route_pb2
from fillwire_server.wire.scalars import amount, number, timestamp

__all__ = ["quote"]


def quote(found: dex.Route, *, quote_id: str, quoted_at: datetime, expires_at: datetime) -> pb.Quote:
    """A route that nobody has taken yet."""
    return pb.Quote(
        quote_id=quote_id,
        token_in=found.token_in.symbol,
        token_out=found.token_out.symbol,
        route=_route(found),
        price=number(found.price),
        mid_price=number(found.mid_price),
        quote_time=timestamp(quoted_at),
        expire_time=timestamp(expires_at),
    )


def _route(found: dex.Route) -> route_pb2.Route:
    exact_out = found.mode is dex.Mode.EXACT_OUT
    single = found.best_single
    return route_pb2.Route(
        amount_in=str(found.amount_in),
        amount_out=str(found.amount_out),
        legs=[_leg(one) for one in found.legs],
        upper_bound="" if exact_out else str(found.bound),
        lower_bound=str(found.bound) if exact_out else "",
        gap_bps=round(found.gap_bps, 6),
        price_impact_bps=round(found.price_impact_bps, 4),
        best_single_amount_out="" if single is None else amount(single.amount_out),
        best_single_amount_in=amount(single.amount_in) if exact_out and single is not None else "",
        candidates=[_candidate(one) for one in found.candidates],
        slot=found.slot,
        router_micros=int(found.elapsed_us),
        mid_price=number(found.mid_price),
    )


def _leg(it: dex.Leg) -> route_pb2.Leg:
    return route_pb2.Leg(
        venue=it.venue,
        pool=it.pool_id,
        token_in=it.token_in.symbol,
        token_out=it.token_out.symbol,
        amount_in=str(it.amount_in),
        amount_out=str(it.amount_out),
        fee_in=str(it.fee_in),
        fee_out=str(it.fee_out),
        fee_bps=round(it.fee_bps, 4),
        share_bps=round(it.share_bps, 2),
    )


def _candidate(it: dex.Candidate) -> route_pb2.Candidate:
    used = it.verdict is dex.Verdict.USED
    return route_pb2.Candidate(
        venue=it.venue,
        pool=it.pool_id,
        amount_in=amount(it.amount_in),
        amount_out=amount(it.amount_out),
        used=used,
        reason="" if used else it.verdict.value,
        behind_bps=round(it.lost_by_bps or 0.0, 4),
        token_in=it.token_in.symbol,
        token_out=it.token_out.symbol,
        haircut_bps=it.haircut_bps,
    )
