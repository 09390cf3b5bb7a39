"""What a quote is asked for."""

from collections.abc import Collection
from dataclasses import dataclass

from fillwire.v1 import market_service_pb2 as pb
from fillwire_dex import Listing, Token, tokens
from fillwire_orders import Routing
from fillwire_server.validation.form import Form
from fillwire_server.validation.routing import routing

__all__ = ["Pools", "Wanted", "pools", "wanted"]


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
    form = Form()
    form.known("the request", request)
    token_in = form.token("token_in", request.token_in)
    token_out = form.token("token_out", request.token_out)
    if token_in and token_in == token_out:
        form.refuse("token_out", "must differ from token_in")
    amount_in, amount_out = _amounts(form, request)
    limits = routing(form, "routing", request.routing if request.HasField("routing") else None, venues)
    form.check()
    return Wanted(tokens.find(token_in), tokens.find(token_out), amount_in, amount_out, limits)


def _amounts(form: Form, request: pb.GetQuoteRequest) -> tuple[int | None, int | None]:
    match request.WhichOneof("amount"):
        case "amount_in":
            return form.amount("amount_in", request.amount_in), None
        case "amount_out":
            return None, form.amount("amount_out", request.amount_out)
        case _:
            form.refuse("amount_in", "must be given, or amount_out")
    return None, None


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
