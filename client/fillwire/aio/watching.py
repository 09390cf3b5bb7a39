"""Streams of what becomes of orders."""

from typing import Unpack

from fillwire.account_course import AccountCourse
from fillwire.aio.account_watch import AsyncAccountWatch
from fillwire.aio.orders import Orders
from fillwire.aio.watch import AsyncWatch
from fillwire.amount import Amount, Quantity
from fillwire.errors import OrderFailed
from fillwire.filters import AccountFilters
from fillwire.order import Order
from fillwire.resume import Ask, Resume
from fillwire.status import Status
from fillwire.submission import Submission
from fillwire.terms import SubmitTerms
from fillwire.wire.requests import write_account_watch

__all__ = ["Watching"]


class Watching(Orders):
    """The part of the client that follows orders."""

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

    def submit_and_watch(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        *,
        timeout: float | None = None,
        heartbeat_seconds: float = 15.0,
        terminal_only: bool = False,
        **terms: Unpack[SubmitTerms],
    ) -> AsyncWatch:
        """Submits an order and gives its events from the first, in one call to the engine.

        Submits nothing before it is iterated over; `snapshot` is then the order as it was stored. A connection that is
        lost before the engine has answered is opened again with the same request id, and no second order is made.
        Iteration raises what `submit` does, and the other keywords are those of `submit` and `watch`.
        """
        ask = Ask(timeout=timeout, heartbeat_seconds=heartbeat_seconds, terminal_only=terminal_only)
        course = Submission(
            lambda: self._talk.orders.submission(token_in, token_out, amount_in, terms),
            ask,
            max_retries=self._policy.max_retries,
            chance=self._line.chance,
        )
        return AsyncWatch(course, self._line, self._policy)

    # asyncio.timeout could not say which order it was, nor what it was doing; the twin needs the parameter anyway.
    async def wait(
        self,
        order: Order | str,
        *,
        until: Status = Status.CONFIRMED,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Order:
        """The order once it is CONFIRMED, or once it has entered the status `until`, before this call or after.

        Raises `OrderFailed`, which holds the order, where it ended otherwise and is not CONFIRMED; `DeadlineExceeded`
        after `timeout` seconds (`None`: no limit, and an order may rest for ever), when it goes on all the same.
        """
        found = False
        async with self.watch(order, timeout=timeout, terminal_only=until.final) as watch:
            async for event in watch:
                if event.status is until:
                    found = True
                    break
        seen = watch.snapshot
        if seen is None or seen.last_seq != watch.last_seq:
            seen = await self.get(watch.order_id)
        if found or seen.status in {until, Status.CONFIRMED}:
            return seen
        raise OrderFailed(seen)

    def watch_account(
        self,
        *,
        cursor: str | None = None,
        timeout: float | None = None,
        heartbeat_seconds: float = 15.0,
        **filters: Unpack[AccountFilters],
    ) -> AsyncAccountWatch:
        """The events of all orders of the account that pass the filters, from now on, without end.

        `cursor` continues behind an event seen before, also in another process; `from_start=True` begins with the
        account's first event. An `async with` block waits until the engine follows, so that what happens in it is
        seen. `timeout` is the seconds for the whole watch, then `DeadlineExceeded`.
        """
        course = AccountCourse(
            write_account_watch(filters),
            cursor=cursor,
            timeout=timeout,
            heartbeat_seconds=heartbeat_seconds,
            max_retries=self._policy.max_retries,
            chance=self._line.chance,
        )
        return AsyncAccountWatch(course, self._line, self._policy)
