"""What each method of a client does, told once for both clients: conversations of calls, free of I/O.

A conversation is a generator. It yields the calls it wants made, is sent their answers, and returns the result;
`Client` makes the calls one way, `AsyncClient` the other.
"""

import uuid
from collections.abc import Generator, Mapping
from typing import Any, TypeAlias, TypeVar, cast

from google.protobuf.message import Message

from fillwire.amount import Amount, Quantity
from fillwire.explanation import Explanation
from fillwire.market import Pool, Quote, Venue
from fillwire.order import Order, Page
from fillwire.terms import Filters, QuoteTerms, SubmitTerms, with_routing
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2, order_service_pb2
from fillwire.wire import methods, symbols
from fillwire.wire.market import read_pool, read_quote, read_tokens, read_venue
from fillwire.wire.methods import Call, Method
from fillwire.wire.orders import read_explanation, read_order
from fillwire.wire.requests import write_list, write_quote
from fillwire.wire.specs import write_spec

__all__ = ["Conversations", "Steps"]

R = TypeVar("R")
M = TypeVar("M", bound=Message)

Steps: TypeAlias = Generator[Call[Any], Any, R]
"""A conversation that ends in an R."""


def _ask(method: Method[M], request: Message) -> Steps[M]:
    answer: M = yield Call(method, request)
    return answer


def _plain(terms: QuoteTerms | SubmitTerms) -> Mapping[str, object]:
    # A TypedDict with optional keys is a mapping of objects, but for the checker it is not.
    return cast("Mapping[str, object]", terms)


class Conversations:
    """The conversations of one client; what they remember is the list of tokens."""

    def __init__(self) -> None:
        self._tokens: Tokens | None = None
        self._unlisted: set[str] = set()

    def submit(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: SubmitTerms
    ) -> Steps[Order]:
        spec_terms = with_routing(dict(_plain(terms), amount_in=amount_in))
        # Made once per conversation, so that every retry of the call carries the same one.
        request_id = str(spec_terms.pop("request_id", None) or uuid.uuid4())
        validate_only = bool(spec_terms.pop("validate_only", False))
        tokens = yield from self.tokens_with(token_in, token_out)
        request = order_service_pb2.SubmitOrderRequest(
            spec=write_spec(tokens, token_in, token_out, spec_terms),
            request_id=request_id,
            validate_only=validate_only,
        )
        answer = yield from _ask(methods.SUBMIT_ORDER, request)
        tokens = yield from self.tokens_of(*symbols.of_order(answer.order))
        return read_order(answer.order, tokens, deduplicated=answer.deduplicated)

    def get(self, order_id: str | None, request_id: str | None) -> Steps[Order]:
        if (order_id is None) == (request_id is None):
            raise TypeError("get takes an order_id or a request_id, one of them")
        request = order_service_pb2.GetOrderRequest()
        if order_id is not None:
            request.order_id = order_id
        if request_id is not None:
            request.request_id = request_id
        answer = yield from _ask(methods.GET_ORDER, request)
        tokens = yield from self.tokens_of(*symbols.of_order(answer.order))
        return read_order(answer.order, tokens)

    def explain(self, order_id: str) -> Steps[Explanation]:
        answer = yield from _ask(methods.EXPLAIN_ORDER, order_service_pb2.ExplainOrderRequest(order_id=order_id))
        tokens = yield from self.tokens_of(*symbols.of_explanation(answer))
        return read_explanation(answer, tokens)

    def list_page(self, page_size: int, page_token: str, filters: Filters) -> Steps[Page]:
        request = write_list(page_size, page_token, filters)
        answer = yield from _ask(methods.LIST_ORDERS, request)
        tokens = yield from self.tokens_of(*{name for order in answer.orders for name in symbols.of_order(order)})
        return Page(tuple(read_order(order, tokens) for order in answer.orders), answer.next_page_token)

    def quote(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: QuoteTerms
    ) -> Steps[Quote]:
        tokens = yield from self.tokens_with(token_in, token_out)
        request = write_quote(tokens, token_in, token_out, with_routing(dict(_plain(terms), amount_in=amount_in)))
        answer = yield from _ask(methods.GET_QUOTE, request)
        tokens = yield from self.tokens_of(*symbols.of_route(answer.quote.route))
        return read_quote(answer.quote, tokens)

    def venues(self) -> Steps[tuple[Venue, ...]]:
        answer = yield from _ask(methods.LIST_VENUES, market_service_pb2.ListVenuesRequest())
        return tuple(read_venue(venue) for venue in answer.venues)

    def pools(self, token_a: str | None, token_b: str | None, venue: str | None) -> Steps[tuple[Pool, ...]]:
        request = market_service_pb2.ListPoolsRequest(token_a=token_a or "", token_b=token_b or "", venue=venue or "")
        answer = yield from _ask(methods.LIST_POOLS, request)
        tokens = yield from self.tokens_of(*{name for pool in answer.pools for name in (pool.token_a, pool.token_b)})
        return tuple(read_pool(pool, tokens) for pool in answer.pools)

    def tokens(self) -> Steps[Tokens]:
        """The tokens as they are now; remembered."""
        answer = yield from _ask(methods.LIST_TOKENS, market_service_pb2.ListTokensRequest())
        self._tokens = read_tokens(answer)
        return self._tokens

    def tokens_with(self, *names: str) -> Steps[Tokens]:
        """The tokens remembered; asked for again where one of these is not among them, for it may be new."""
        tokens = self._tokens
        if tokens is None or any(name not in tokens for name in names):
            tokens = yield from self.tokens()
        return tokens

    def tokens_of(self, *symbols: str) -> Steps[Tokens]:
        """The same for the symbols of an answer: one that is still not listed then belongs to an old order."""
        tokens = yield from self.tokens_with(*(symbol for symbol in symbols if symbol not in self._unlisted))
        self._unlisted.update(symbol for symbol in symbols if symbol not in tokens)
        return tokens
