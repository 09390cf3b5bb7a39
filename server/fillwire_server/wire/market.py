"""Tokens, venues and pools."""

import re
from decimal import Decimal

import fillwire_dex as dex
from fillwire.v1 import market_service_pb2 as pb
from fillwire_dex.scores import Score
from fillwire_server.wire.scalars import duration, number

__all__ = ["pool", "token", "venue"]


def token(it: dex.Token) -> pb.Token:
    """A token."""
    return pb.Token(symbol=it.symbol, mint=it.mint, decimals=it.decimals, name=it.name)


def venue(it: dex.Venue, score: Score | None, *, applied: bool) -> pb.Venue:
    """A venue, and how it has treated the engine's orders; every kind of pool quotes an exact output."""
    is_open = it.status is dex.VenueStatus.OPEN
    return pb.Venue(
        name=it.name,
        title=" ".join(_titled(word) for word in re.split("[-_]", it.name)),
        pool_count=it.pool_count,
        available=is_open,
        reason="" if is_open else it.status.value,
        exact_out=True,
        score=None if score is None else _score(score, applied=applied),
    )


def pool(it: dex.Listing, *, now: int) -> pb.Pool:
    """A pool; `now` is in unix seconds, for fees that follow the clock."""
    price = Decimal(repr(it.pool.spot_price())).scaleb(it.token_a.decimals - it.token_b.decimals)
    fees = [it.pool.fee_rate(direction, now=now) for direction in dex.Direction]
    reserve_a, reserve_b = it.pool.reserves()
    return pb.Pool(
        pool=it.id,
        venue=it.venue,
        token_a=it.token_a.symbol,
        token_b=it.token_b.symbol,
        price=number(price),
        fee_bps=round(max(fees) * 10_000, 4),
        reserve_a=str(reserve_a),
        reserve_b=str(reserve_b),
        version=it.version,
        slot=it.slot,
    )


def _score(it: Score, *, applied: bool) -> pb.VenueScore:
    return pb.VenueScore(
        haircut_bps=it.haircut_bps,
        fill_error_bps=round(it.fill_error_bps, 4),
        reject_rate=round(it.reject_rate, 6),
        latency=duration(it.landing_seconds),
        samples=round(it.samples, 3),
        applied=applied,
    )


def _titled(word: str) -> str:
    """Raydium, AMM, v4."""
    if word.endswith("mm"):  # a market maker of some kind
        return word.upper()
    return word if re.fullmatch("v[0-9]+", word) else word.capitalize()
