"""What an owner does to orders that are there: withdraw them, or give a resting one new terms.

Nothing here waits for a worker. An order that nobody holds is withdrawn in the statement that looks; of one that a
worker holds it is noted, and no step is recorded any more that would go on with it (`record.sql`).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from fillwire_orders import rows
from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import Changed, NotResting, RequestIdReused
from fillwire_orders.event import Event, Failure, FailureReason, Replaced
from fillwire_orders.journal import Submission, drafted
from fillwire_orders.order import AccountId, Order, OrderId, OrderType, RequestId, Terms
from fillwire_orders.publisher import Publisher
from fillwire_orders.reading import Reader
from fillwire_orders.status import FINAL, Status

__all__ = ["Cancelled", "Changes", "Result"]

_MESSAGES: Final = {
    FailureReason.WITHDRAWN: "withdrawn by its owner",
    FailureReason.SWITCHED_OFF: "withdrawn by the account's dead man's switch",
}

_ROUNDS: Final = 5
"""How often a replacement is tried that meets another change of the same order."""


class Result(StrEnum):
    """What became of a request to cancel."""

    CANCELLED = "CANCELLED"
    TOO_LATE = "TOO_LATE"
    PENDING = "PENDING"


class Cancelled(msgspec.Struct, frozen=True):
    """How many orders a request to cancel all has withdrawn, and of how many the end is still open."""

    cancelled: int
    pending: int


class Changes:
    """Changes orders for their owner; each change that was made is published.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer, and can be called again then.
    """

    def __init__(self, pool: Pool, reader: Reader, publisher: Publisher) -> None:
        self._pool = pool
        self._reader = reader
        self._publisher = publisher

    async def cancel(self, account_id: AccountId, order_id: OrderId) -> tuple[Order, Result]:
        """Withdraws an order, a TWAP order with its children; gives it as it is then, and what became of the request.

        Raises `OrderNotFound`.
        """
        await self._withdraw(account_id, [order_id], FailureReason.WITHDRAWN)
        order = await self._reader.order(account_id, order_id)
        return order, _result(order)

    async def cancel_all(
        self,
        account_id: AccountId,
        *,
        token_in: str | None = None,
        token_out: str | None = None,
        types: Sequence[OrderType] = (),
        reason: FailureReason = FailureReason.WITHDRAWN,
    ) -> Cancelled:
        """Withdraws all open orders of an account that fit the filters; empty ones fit all."""
        order_ids = await self._open(account_id, token_in=token_in, token_out=token_out, types=types)
        free = await self._withdraw(account_id, order_ids, reason)
        return Cancelled(len(free), len(set(order_ids) - free))

    async def cancel_after(self, account_id: AccountId, seconds: float | None) -> datetime | None:
        """Sets the account's dead man's switch to so many seconds from now, or takes it off; gives when it acts."""
        params = {"account_id": account_id, "seconds": seconds}
        [(cancel_at,)] = await fetch(self._pool, "cancel_after", params)
        moment: datetime | None = cancel_at
        return moment

    async def replace(
        self,
        account_id: AccountId,
        order_id: OrderId,
        request_id: RequestId,
        terms: Terms,
        *,
        if_last_seq: int | None = None,
    ) -> Submission:
        """Gives a resting order new terms, once per request id, and gives it as it is then.

        Tokens and type must be those it has. Raises `OrderNotFound`, `NotResting`, `Changed` where `if_last_seq` is not
        that of its last event, `RequestIdReused` where this request id has set other terms.
        """
        for _ in range(_ROUNDS):
            order, log = await self._reader.story(account_id, order_id)
            if _is_made(order_id, log, request_id, terms):
                return Submission(order, deduplicated=True)
            if if_last_seq is not None and order.last_seq != if_last_seq:
                raise Changed(order_id, order.last_seq)
            if order.status is not Status.RESTING or order.cancel_requested:
                raise NotResting(order_id, order.status)
            if await self._replace(order, request_id, terms):
                return Submission(await self._reader.order(account_id, order_id), deduplicated=False)
        raise NotResting(order_id, "about to execute")

    async def repeated(
        self, account_id: AccountId, order_id: OrderId, request_id: RequestId, terms: Terms
    ) -> Order | None:
        """The order as it is, where this request id has given it these terms before; else `None`.

        Raises `OrderNotFound`, `RequestIdReused` where this request id has set other terms.
        """
        order, log = await self._reader.story(account_id, order_id)
        return order if _is_made(order_id, log, request_id, terms) else None

    async def _replace(self, order: Order, request_id: RequestId, terms: Terms) -> bool:
        detail = Replaced(request_id, msgspec.Raw(msgspec.json.encode(terms)))
        replaced = await fetch(
            self._pool,
            "replace",
            {
                "id": order.id,
                "last_seq": order.last_seq,
                "draft": msgspec.json.encode(drafted(terms)).decode(),
                "detail": msgspec.json.encode(detail).decode(),
            },
        )
        for row in replaced:
            self._publisher.publish(rows.event(row), order.account_id)
        return bool(replaced)

    async def _withdraw(
        self, account_id: AccountId, order_ids: Sequence[OrderId], reason: FailureReason
    ) -> set[OrderId]:
        """Withdraws orders, and the children of those that have any; gives those that are withdrawn."""
        free, parents = await self._cancel(account_id, order_ids, reason)
        for parent in parents:  # marked by now, so that there are no more children than these
            children, _ = await self._cancel(account_id, await self._open(account_id, parent_id=parent), reason)
            freed, _ = await self._cancel(account_id, [parent], reason)
            free |= children | freed
        return free

    async def _cancel(
        self, account_id: AccountId, order_ids: Sequence[OrderId], reason: FailureReason
    ) -> tuple[set[OrderId], set[OrderId]]:
        """The orders that are withdrawn by this, and the TWAP orders that wait for a child."""
        detail = Failure(reason, _MESSAGES[reason])
        free, parents = set[OrderId](), set[OrderId]()
        for row in await fetch(
            self._pool,
            "cancel",
            {"account_id": account_id, "ids": list(order_ids), "detail": msgspec.json.encode(detail).decode()},
        ):
            *logged, is_free, is_parent = row
            order_id = OrderId(logged[0])
            if is_free:
                free.add(order_id)
                self._publisher.publish(rows.event(logged), account_id)
            elif is_parent:
                parents.add(order_id)
        return free, parents

    async def _open(
        self,
        account_id: AccountId,
        *,
        parent_id: OrderId | None = None,
        token_in: str | None = None,
        token_out: str | None = None,
        types: Sequence[OrderType] = (),
    ) -> Sequence[OrderId]:
        params = {
            "account_id": account_id,
            "parent_id": parent_id,
            "token_in": token_in,
            "token_out": token_out,
            "types": list(types) or None,
        }
        return [OrderId(order_id) for (order_id,) in await fetch(self._pool, "open_orders", params)]


def _result(order: Order) -> Result:
    if order.status is Status.CANCELLED:
        return Result.CANCELLED
    return Result.TOO_LATE if order.status in FINAL else Result.PENDING


def _is_made(order_id: OrderId, log: Sequence[Event], request_id: RequestId, terms: Terms) -> bool:
    """Whether the change is in the order's log. Raises `RequestIdReused` where it is there with other terms."""
    told = _replacement(log, request_id)
    if told is not None and (names := terms.differing(told)):
        raise RequestIdReused(order_id, names)
    return told is not None


def _replacement(log: Sequence[Event], request_id: RequestId) -> Terms | None:
    """The terms that this request id has set; `None`: it has set none."""
    for event in log:
        if isinstance(event.detail, Replaced) and event.detail.request_id == request_id:
            return msgspec.json.decode(event.detail.terms, type=Terms)
    return None
