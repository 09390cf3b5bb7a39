"""The asynchronous client."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self, TypeVar, Unpack

from fillwire.aio.line import Line
from fillwire.aio.watch import AsyncWatch
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
from fillwire.terms import Filters, QuoteTerms, SubmitTerms

__all__ = ["AsyncClient"]

R = TypeVar("R")


class AsyncClient:
    """Speaks to the engine; one is enough for a program, and serves any number of tasks of one event loop.

        async with AsyncClient("localhost:50051") as client:
            order = await client.submit("SOL", "USDC", "1.5", slippage_bps=50)
            async for event in client.watch(order):
                print(event.seq, event.status)

    `target` and `token` left out come from FILLWIRE_TARGET and FILLWIRE_TOKEN; the target is localhost:50051 at last.
    `timeout` is the seconds a whole call may take, retries included: by default 5 for `submit`, 3 to read, 2 for
    `quote`; it never limits a watch. `max_retries` is how often a call is made again after UNAVAILABLE.
    `line` is for tests: a connection that is there already.
    Every method raises `ApiError`; `TypeError` for a float as amount, an unknown keyword or a wrong type.
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
        self._line = line or Line(settings=settings(target, token, tls=tls))
        self._talk = self._line.conversations
        self._policy = Policy(timeout, max_retries)

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> Self:
        """A copy on the same connection; what is `None` stays as it is."""
        return type(self)(
            timeout=self._policy.timeout if timeout is None else timeout,
            max_retries=self._policy.max_retries if max_retries is None else max_retries,
            line=self._line,
        )

    async def submit(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[SubmitTerms],
    ) -> Order:
        """Stores an order durably and answers; from then on it is executed, watched or not.

        Gives exactly `amount_in` whole tokens of `token_in` (symbol or mint), never a float; or, with `amount_out`
        alone, gets exactly that much. `SubmitTerms` lists the other keywords; `slippage_bps` or `min_amount_out` is
        needed.

        Safe to retry, and retried here: each submit has a request id, repeated when an answer is lost, under which
        the engine stores one order for ever. `Unavailable` and `DeadlineExceeded` therefore mean "perhaps": submit
        with the same `request_id` again, or `get(request_id=)`. Raises `InvalidRequest` naming every bad field, and
        `RequestIdReused` where the id belongs to an order with other terms.
        """
        return await self._hold(self._talk.submit(token_in, token_out, amount_in, terms))

    def watch(
        self,
        order: Order | str,
        *,
        after_seq: int | None = 0,
        timeout: float | None = None,
        heartbeat_seconds: float = 15.0,
        terminal_only: bool = False,
    ) -> AsyncWatch:
        """The events of an order, from the first, until the final one.

        Opens nothing before it is iterated over. `after_seq` continues after an event seen before; `None` shows only
        what happens from now on. `timeout` is the seconds for the whole watch, then `DeadlineExceeded`; by default
        it lasts as long as the order. `terminal_only` shows the final event alone.
        A connection without a frame for three times `heartbeat_seconds` (1 to 60) is taken for dead.
        """
        ask = Ask(
            after_seq=after_seq, timeout=timeout, heartbeat_seconds=heartbeat_seconds, terminal_only=terminal_only
        )
        order_id = order if isinstance(order, str) else order.order_id
        resume = Resume(order_id, ask, max_retries=self._policy.max_retries, chance=self._line.chance)
        return AsyncWatch(resume, self._line, self._policy)

    # asyncio.timeout could not say which order it was, nor what it was doing; the twin needs the parameter anyway.
    async def wait(self, order: Order | str, *, timeout: float | None = None) -> Order:  # noqa: ASYNC109
        """The order once it is CONFIRMED.

        Raises `OrderFailed`, which holds the order, where it ended otherwise; `DeadlineExceeded` after `timeout`
        seconds (`None`: no limit), when the order goes on all the same.
        """
        async with self.watch(order, timeout=timeout, terminal_only=True) as watch:
            async for _ in watch:
                pass
        final = watch.snapshot
        if final is None or not final.status.final:
            final = await self.get(watch.order_id)
        if final.status is not Status.CONFIRMED:
            raise OrderFailed(final)
        return final

    async def get(self, order_id: str | None = None, *, request_id: str | None = None) -> Order:
        """The order as it is now, by its id or by the request id it was submitted with. Raises `NotFound`."""
        return await self._hold(self._talk.get(order_id, request_id))

    async def explain(self, order: Order | str) -> Explanation:
        """The whole story of an order: every event, every quote of every attempt, and why each came to nothing.

        Raises `NotFound`.
        """
        return await self._hold(self._talk.explain(order if isinstance(order, str) else order.order_id))

    async def orders(self, *, page_size: int = 0, **filters: Unpack[Filters]) -> AsyncIterator[Order]:
        """All orders of the account that pass the filters, newest first; `page_size` (0: 50) are fetched at a time."""
        page = await self.list_page(page_size=page_size, **filters)
        for order in page.orders:
            yield order
        while page.next_page_token:
            page = await self.list_page(page_size=page_size, page_token=page.next_page_token, **filters)
            for order in page.orders:
                yield order

    async def list_page(self, *, page_size: int = 0, page_token: str = "", **filters: Unpack[Filters]) -> Page:
        """One page of them: the one of that token, with the same filters as the page that gave it."""
        return await self._hold(self._talk.list_page(page_size, page_token, filters))

    async def quote(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[QuoteTerms],
    ) -> Quote:
        """What an amount would give now: the route, and how far it can be from the best one; nothing is stored.

        Gives exactly `amount_in` whole tokens of `token_in`; or, with `amount_out` alone, gets exactly that much.
        `max_legs`, `max_hops`, `include_venues` and `exclude_venues` limit the route, as does `routing`.
        Raises `NotFound` where no pool quotes the pair, `FailedPrecondition` where none can take the amount.
        """
        return await self._hold(self._talk.quote(token_in, token_out, amount_in, terms))

    async def tokens(self) -> tuple[Token, ...]:
        """The tokens that can be swapped, fresh; amounts are read and written by them from then on."""
        return tuple(await self._hold(self._talk.tokens()))

    async def venues(self) -> tuple[Venue, ...]:
        """The venues, how they are, and how they have treated the engine's orders."""
        return await self._hold(self._talk.venues())

    async def pools(
        self, token_a: str | None = None, token_b: str | None = None, *, venue: str | None = None
    ) -> tuple[Pool, ...]:
        """The pools as they are now: those that hold these tokens (symbols or mints) and are of that venue."""
        return await self._hold(self._talk.pools(token_a, token_b, venue))

    async def _hold(self, steps: Steps[R]) -> R:
        return await self._line.hold(steps, self._policy)

    async def close(self) -> None:
        """Ends the connection; watches on it are to be closed before."""
        await self._line.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
