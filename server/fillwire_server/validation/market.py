"""What a quote is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from fillwire.v1 import market_service_pb2 as pb
from fillwire_dex import Listing, Token, UnknownToken, tokens
from fillwire_orders import Routing
from fillwire_server.validation.form import Form
from fillwire_server.validation.routing import routing

__all__ = ["Pools", "Quoting", "Wanted", "pairs", "pools", "quoting", "wanted"]

_INTERVAL_SECONDS: Final = 1.0
_MOST_PAIRS: Final = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """A swap to be quoted; of the two amounts, in smallest units, one is given."""

    token_in: Token
    token_out: Token
    amount_in: int | None
    amount_out: int | None
    routing: Routing


def wanted(request: pb.GetQuoteRequest, *, venues: Collection[str]) -> Wanted:
    """Reads a request for a quote; `venues` are those there are. Raises `InvalidRequest`, `NotServed`."""
    return _wanted(Form(), request, venues, within="")


@dataclass(frozen=True, slots=True)
class Quoting:
    """A swap to be quoted again and again, so far apart at least."""

    wanted: Wanted
    interval_seconds: float


def quoting(request: pb.StreamQuotesRequest, *, venues: Collection[str]) -> Quoting:
    """Reads a request for a stream of quotes, as `wanted` does."""
    form = Form()
    interval_seconds = _INTERVAL_SECONDS
    if request.HasField("min_interval"):
        interval_seconds = form.seconds("min_interval", request.min_interval, 0.1, 60)
    return Quoting(_wanted(form, request.request, venues, within="request."), interval_seconds)


def _wanted(form: Form, request: pb.GetQuoteRequest, venues: Collection[str], *, within: str) -> Wanted:
    form.known("the request", request)
    token_in = form.token(f"{within}token_in", request.token_in)
    token_out = form.token(f"{within}token_out", request.token_out)
    if token_in and token_in == token_out:
        form.refuse(f"{within}token_out", "must differ from token_in")
    amount_in, amount_out = _amounts(form, request, within)
    limits = routing(form, f"{within}routing", request.routing if request.HasField("routing") else None, venues)
    form.check()
    return Wanted(tokens.find(token_in), tokens.find(token_out), amount_in, amount_out, limits)


def _amounts(form: Form, request: pb.GetQuoteRequest, within: str) -> tuple[int | None, int | None]:
    match request.WhichOneof("amount"):
        case "amount_in":
            return form.amount(f"{within}amount_in", request.amount_in), None
        case "amount_out":
            return None, form.amount(f"{within}amount_out", request.amount_out)
        case _:
            form.refuse(f"{within}amount_in", "must be given, or amount_out")
    return None, None


def pairs(request: pb.WatchPricesRequest) -> Sequence[tuple[str, str]]:
    """The pairs whose prices are wanted, by symbols, each once; empty: all. Raises `InvalidRequest`."""
    form = Form()
    if len(request.pairs) > _MOST_PAIRS:
        form.refuse("pairs", f"must be at most {_MOST_PAIRS} pairs")
    found = [_pair(form, f"pairs[{place}]", name) for place, name in enumerate(request.pairs[:_MOST_PAIRS])]
    form.check()
    return list(dict.fromkeys(found))


def _pair(form: Form, field: str, name: str) -> tuple[str, str]:
    try:
        first, second = (tokens.find(part).symbol for part in name.split("/"))
    except (ValueError, UnknownToken):
        first = second = ""
    if first == second:
        form.refuse(field, "must be two different tokens that ListTokens lists, like SOL/USDC")
    return first, second


@dataclass(frozen=True, slots=True)
class Pools:
    """Which pools to list: those that hold all of `symbols`, on `venue`; empty: whichever."""

    symbols: frozenset[str]
    venue: str

    def includes(self, listing: Listing) -> bool:
        """Whether this pool is one of them."""
        held = {listing.token_a.symbol, listing.token_b.symbol}
        return self.symbols <= held and self.venue in ("", listing.venue)


def pools(request: pb.ListPoolsRequest, *, venues: Collection[str]) -> Pools:
    """Reads a request to list pools; `venues` are those there are. Raises `InvalidRequest`."""
    form = Form()
    token_a = form.token("token_a", request.token_a) if request.token_a else ""
    token_b = form.token("token_b", request.token_b) if request.token_b else ""
    if token_a and token_a == token_b:
        form.refuse("token_b", "must differ from token_a")
    if request.venue and request.venue not in venues:
        form.refuse("venue", "must be a venue that ListVenues lists")
    form.check()
    return Pools(frozenset({token_a, token_b} - {""}), request.venue)
