"""Reads routes, quotes, tokens and venues."""

from fillwire.amount import Token
from fillwire.market import Quote, Venue
from fillwire.route import Candidate, Leg, Route, Routing
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2, route_pb2
from fillwire.wire.scalars import amount, number, time

__all__ = ["read_leg", "read_quote", "read_route", "read_routing", "read_tokens", "read_venue", "write_routing"]


def read_route(message: route_pb2.Route, tokens: Tokens, token_in: str, token_out: str) -> Route:
    """A route of that pair; the message itself names no tokens but those of its legs."""
    return Route(
        amount_in=tokens.amount(token_in, int(message.amount_in)),
        amount_out=tokens.amount(token_out, int(message.amount_out)),
        legs=tuple(read_leg(leg, tokens) for leg in message.legs),
        upper_bound=tokens.amount(token_out, int(message.upper_bound)),
        gap_bps=message.gap_bps,
        price_impact_bps=message.price_impact_bps,
        mid_price=number(message.mid_price),
        best_single_amount_out=amount(tokens, token_out, message.best_single_amount_out),
        candidates=tuple(_read_candidate(candidate, tokens, token_out) for candidate in message.candidates),
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
    )


def _read_candidate(message: route_pb2.Candidate, tokens: Tokens, token_out: str) -> Candidate:
    return Candidate(
        venue=message.venue,
        pool=message.pool,
        amount_out=amount(tokens, token_out, message.amount_out),
        used=message.used,
        reason=message.reason,
        behind_bps=message.behind_bps,
    )


def read_quote(message: market_service_pb2.Quote, tokens: Tokens) -> Quote:
    return Quote(
        quote_id=message.quote_id,
        token_in=message.token_in,
        token_out=message.token_out,
        route=read_route(message.route, tokens, message.token_in, message.token_out),
        price=number(message.price),
        mid_price=number(message.mid_price),
        quote_time=time(message, "quote_time"),
        expire_time=time(message, "expire_time"),
    )


def read_tokens(message: market_service_pb2.ListTokensResponse) -> Tokens:
    return Tokens(Token(token.symbol, token.mint, token.decimals, token.name) for token in message.tokens)


def read_venue(message: market_service_pb2.Venue) -> Venue:
    return Venue(
        name=message.name,
        title=message.title,
        pool_count=message.pool_count,
        available=message.available,
        reason=message.reason,
        exact_out=message.exact_out,
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
