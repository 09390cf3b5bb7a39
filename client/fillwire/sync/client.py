"""The synchronous client."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self, TypeVar, Unpack

from fillwire.amount import Amount, Quantity, Token
from fillwire.conversations import Steps
from fillwire.errors import OrderFailed
from fillwire.explanation import Explanation
from fillwire.market import Pool, Quote, Venue
from fillwire.order import Order, Page
from fillwire.resume import Ask, Resume
from fillwire.retry import Policy
from fillwire.settings import settings
from fillwire.status import Status
from fillwire.sync.line import Line, open_line
from fillwire.sync.watch import Watch
from fillwire.terms import Filters, QuoteTerms, SubmitTerms

__all__ = ["Client"]

R = TypeVar("R")


class Client:
    """The twin of `AsyncClient`, where each method is explained: same names, same meaning, without `await`.

    May be used by several threads at once.
    """

    def __init__(
        self,
        target: str | None = None,
        *,
        token: str | None = None,
        tls: bool = False,
        timeout: float | None = None,
        max_retries: int = 2,
        line: Line | None = None,
    ) -> None:
        self._line = line or open_line(settings(target, token, tls=tls))
        self._talk = self._line.conversations
        self._policy = Policy(timeout, max_retries)

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> Self:
        """A copy on the same connection."""
        return type(self)(
            timeout=self._policy.timeout if timeout is None else timeout,
            max_retries=self._policy.max_retries if max_retries is None else max_retries,
            line=self._line,
        )

    def submit(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[SubmitTerms],
    ) -> Order:
        """Stores an order durably and answers; it is executed whether watched or not."""
        return self._hold(self._talk.submit(token_in, token_out, amount_in, terms))

    def watch(
        self,
        order: Order | str,
        *,
        after_seq: int | None = 0,
        timeout: float | None = None,
        heartbeat_seconds: float = 15.0,
        terminal_only: bool = False,
    ) -> Watch:
        """The events of an order, from the first."""
        ask = Ask(
            after_seq=after_seq, timeout=timeout, heartbeat_seconds=heartbeat_seconds, terminal_only=terminal_only
        )
        order_id = order if isinstance(order, str) else order.order_id
        resume = Resume(order_id, ask, max_retries=self._policy.max_retries, chance=self._line.chance)
        return Watch(resume, self._line, self._policy)

    def wait(self, order: Order | str, *, timeout: float | None = None) -> Order:
        """The order once it is CONFIRMED; raises `OrderFailed` where it ended otherwise."""
        with self.watch(order, timeout=timeout, terminal_only=True) as watch:
            for _ in watch:
                pass
        final = watch.snapshot
        if final is None or not final.status.final:
            final = self.get(watch.order_id)
        if final.status is not Status.CONFIRMED:
            raise OrderFailed(final)
        return final

    def get(self, order_id: str | None = None, *, request_id: str | None = None) -> Order:
        """The order as it is now."""
        return self._hold(self._talk.get(order_id, request_id))

    def explain(self, order: Order | str) -> Explanation:
        """The whole story of an order."""
        return self._hold(self._talk.explain(order if isinstance(order, str) else order.order_id))

    def orders(self, *, page_size: int = 0, **filters: Unpack[Filters]) -> Iterator[Order]:
        """All orders of the account, newest first."""
        page = self.list_page(page_size=page_size, **filters)
        yield from page.orders
        while page.next_page_token:
            page = self.list_page(page_size=page_size, page_token=page.next_page_token, **filters)
            yield from page.orders

    def list_page(self, *, page_size: int = 0, page_token: str = "", **filters: Unpack[Filters]) -> Page:
        """One page of them."""
        return self._hold(self._talk.list_page(page_size, page_token, filters))

    def quote(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[QuoteTerms],
    ) -> Quote:
        """What an amount would give now."""
        return self._hold(self._talk.quote(token_in, token_out, amount_in, terms))

    def tokens(self) -> tuple[Token, ...]:
        """The tokens that can be swapped."""
        return tuple(self._hold(self._talk.tokens()))

    def venues(self) -> tuple[Venue, ...]:
        """The venues and how they are."""
        return self._hold(self._talk.venues())

    def pools(
        self, token_a: str | None = None, token_b: str | None = None, *, venue: str | None = None
    ) -> tuple[Pool, ...]:
        """The pools as they are now."""
        return self._hold(self._talk.pools(token_a, token_b, venue))

    def _hold(self, steps: Steps[R]) -> R:
        return self._line.hold(steps, self._policy)

    def close(self) -> None:
        """Ends the connection; watches on it are to be closed before."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
