"""Reads routes, and what limits them."""

from fillwire.route import Candidate, Leg, Route, Routing
from fillwire.tokens import Tokens
from fillwire.v1 import route_pb2
from fillwire.wire.scalars import amount, number

__all__ = ["read_leg", "read_route", "read_routing", "write_routing"]


def read_route(message: route_pb2.Route, tokens: Tokens, token_in: str, token_out: str) -> Route:
    """A route of that pair; the message itself names no tokens but those of its legs and pools."""
    exact_out = bool(message.lower_bound)
    # What is not fixed is what the routes differ in, and so the bound and the single pools too.
    open_token = token_in if exact_out else token_out
    best_single = message.best_single_amount_in if exact_out else message.best_single_amount_out
    return Route(
        exact_out=exact_out,
        amount_in=tokens.amount(token_in, int(message.amount_in)),
        amount_out=tokens.amount(token_out, int(message.amount_out)),
        legs=tuple(read_leg(leg, tokens) for leg in message.legs),
        bound=tokens.amount(open_token, int(message.lower_bound or message.upper_bound)),
        gap_bps=message.gap_bps,
        price_impact_bps=message.price_impact_bps,
        mid_price=number(message.mid_price),
        best_single=amount(tokens, open_token, best_single),
        candidates=tuple(_read_candidate(pool, tokens, token_in, token_out) for pool in message.candidates),
        slot=message.slot,
        router_micros=message.router_micros,
    )


def read_leg(message: route_pb2.Leg, tokens: Tokens) -> Leg:
    return Leg(
        venue=message.venue,
        pool=message.pool,
        amount_in=tokens.amount(message.token_in, int(message.amount_in)),
        amount_out=tokens.amount(message.token_out, int(message.amount_out)),
        fee_in=tokens.amount(message.token_in, int(message.fee_in or 0)),
        fee_out=tokens.amount(message.token_out, int(message.fee_out or 0)),
        fee_bps=message.fee_bps,
        share_bps=message.share_bps,
        quoted_amount_out=amount(tokens, message.token_out, message.quoted_amount_out),
    )


def _read_candidate(message: route_pb2.Candidate, tokens: Tokens, token_in: str, token_out: str) -> Candidate:
    # One that was recorded before pools of other pairs were considered names no tokens.
    give, get = message.token_in or token_in, message.token_out or token_out
    return Candidate(
        venue=message.venue,
        pool=message.pool,
        token_in=give,
        token_out=get,
        amount_in=amount(tokens, give, message.amount_in),
        amount_out=amount(tokens, get, message.amount_out),
        used=message.used,
        reason=message.reason,
        behind_bps=message.behind_bps,
        haircut_bps=message.haircut_bps,
    )


def read_routing(message: route_pb2.RoutingOptions) -> Routing:
    return Routing(
        max_legs=message.max_legs if message.HasField("max_legs") else None,
        max_hops=message.max_hops if message.HasField("max_hops") else None,
        include_venues=tuple(message.include_venues),
        exclude_venues=tuple(message.exclude_venues),
    )


def write_routing(routing: Routing) -> route_pb2.RoutingOptions:
    return route_pb2.RoutingOptions(
        max_legs=routing.max_legs,
        max_hops=routing.max_hops,
        include_venues=routing.include_venues,
        exclude_venues=routing.exclude_venues,
    )
