"""Streams of what becomes of orders."""

from typing import Unpack

from fillwire.account_course import AccountCourse
from fillwire.amount import Amount, Quantity
from fillwire.errors import OrderFailed
from fillwire.filters import AccountFilters
from fillwire.order import Order
from fillwire.resume import Ask, Resume
from fillwire.status import Status
from fillwire.submission import Submission
from fillwire.sync.account_watch import AccountWatch
from fillwire.sync.orders import Orders
from fillwire.sync.watch import Watch
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
    ) -> Watch:
        """The events of an order, from the first, until the final one."""
        ask = Ask(
            after_seq=after_seq, timeout=timeout, heartbeat_seconds=heartbeat_seconds, terminal_only=terminal_only
        )
        order_id = order if isinstance(order, str) else order.order_id
        resume = Resume(order_id, ask, max_retries=self._policy.max_retries, chance=self._line.chance)
        return Watch(resume, self._line, self._policy)

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
    ) -> Watch:
        """Submits an order and gives its events from the first, in one call to the engine."""
        ask = Ask(timeout=timeout, heartbeat_seconds=heartbeat_seconds, terminal_only=terminal_only)
        course = Submission(
            lambda: self._talk.orders.submission(token_in, token_out, amount_in, terms),
            ask,
            max_retries=self._policy.max_retries,
            chance=self._line.chance,
        )
        return Watch(course, self._line, self._policy)

    def wait(
        self,
        order: Order | str,
        *,
        until: Status = Status.CONFIRMED,
        timeout: float | None = None,
    ) -> Order:
        """The order once it is CONFIRMED, or has entered `until`; raises `OrderFailed` where it ended otherwise."""
        found = False
        with self.watch(order, timeout=timeout, terminal_only=until.final) as watch:
            for event in watch:
                if event.status is until:
                    found = True
                    break
        seen = watch.snapshot
        if seen is None or seen.last_seq != watch.last_seq:
            seen = self.get(watch.order_id)
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
    ) -> AccountWatch:
        """The events of all orders of the account that pass the filters, from now on, without end."""
        course = AccountCourse(
            write_account_watch(filters),
            cursor=cursor,
            timeout=timeout,
            heartbeat_seconds=heartbeat_seconds,
            max_retries=self._policy.max_retries,
            chance=self._line.chance,
        )
        return AccountWatch(course, self._line, self._policy)
