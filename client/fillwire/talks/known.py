"""The tokens an engine knows, as far as a client has heard of them."""

from fillwire.talks.steps import Steps, ask
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2
from fillwire.wire import methods
from fillwire.wire.market import read_tokens

__all__ = ["Known"]


class Known:
    """Remembers the list of tokens; one for all copies of a client."""

    def __init__(self) -> None:
        self._tokens: Tokens | None = None
        self._unlisted: set[str] = set()

    def tokens(self) -> Steps[Tokens]:
        """The tokens as they are now; remembered."""
        answer = yield from ask(methods.LIST_TOKENS, market_service_pb2.ListTokensRequest())
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
