"""Reads quotes, prices, tokens, venues and pools."""

from decimal import Decimal

from fillwire.amount import Token
from fillwire.market import Pool, Price, Quote, Venue, VenueScore
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2
from fillwire.wire.routes import read_route
from fillwire.wire.scalars import number, time

__all__ = ["read_pool", "read_price", "read_quote", "read_tokens", "read_venue"]


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


def read_price(message: market_service_pb2.WatchPricesResponse) -> Price:
    token_a, _, token_b = message.pair.partition("/")
    return Price(token_a=token_a, token_b=token_b, mid_price=Decimal(message.mid_price), time=time(message, "time"))


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
        score=_read_score(message.score) if message.HasField("score") else None,
    )


def _read_score(message: market_service_pb2.VenueScore) -> VenueScore:
    return VenueScore(
        haircut_bps=message.haircut_bps,
        fill_error_bps=message.fill_error_bps,
        reject_rate=message.reject_rate,
        latency=message.latency.ToTimedelta(),
        samples=message.samples,
        applied=message.applied,
    )


def read_pool(message: market_service_pb2.Pool, tokens: Tokens) -> Pool:
    return Pool(
        pool=message.pool,
        venue=message.venue,
        token_a=message.token_a,
        token_b=message.token_b,
        price=number(message.price),
        fee_bps=message.fee_bps,
        reserve_a=tokens.amount(message.token_a, int(message.reserve_a)),
        reserve_b=tokens.amount(message.token_b, int(message.reserve_b)),
        version=message.version,
        slot=message.slot,
    )
