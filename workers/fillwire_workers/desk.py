"""The desk: what a worker process works with, for all its orders together.

Calls that many orders make at the same moment go to the market in one.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence

import structlog

from fillwire_dex import Market, MarketUnavailable, Outcome, SendResult, Transaction
from fillwire_orders import FINAL, Claim, Claimed, Event, Journal, NotNow, OrderId, Reader, Status, Step, Wait
from fillwire_orders.batch import Batch
from fillwire_orders.event import Route
from fillwire_orders.publisher import Publisher
from fillwire_orders.reading import last_route
from fillwire_workers.leases import Leases
from fillwire_workers.scorekeeper import Scorekeeper

__all__ = ["Desk"]

log = structlog.get_logger()


class Desk:
    """One worker's access to journal, feed and market; `worker` names it in the journal."""

    def __init__(
        self,
        *,
        worker: str,
        journal: Journal,
        reader: Reader,
        publisher: Publisher,
        market: Market,
        leases: Leases,
        scores: Scorekeeper,
    ) -> None:
        self.worker = worker
        self.market = market
        self.scores = scores
        self._journal = journal
        self._reader = reader
        self._publisher = publisher
        self._leases = leases
        shared = (MarketUnavailable,)
        self._sends: Batch[Transaction, SendResult] = Batch(self._send_all, shared=shared)
        self._questions: Batch[str, Outcome] = Batch(self._ask_all, shared=shared)

    def clock(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)

    async def claim(self, order_id: OrderId) -> Claimed | Wait | NotNow:
        """As `Journal.claim`; what the claim began is published."""
        answer = await self._journal.claim(order_id, self.worker)
        if isinstance(answer, Claimed):
            if answer.began is not None:
                self._tell(answer.claim, answer.began)
            else:
                log.info("order_taken_over", order_id=order_id, status=answer.claim.status, fence=answer.claim.fence)
        return answer

    async def record(self, claim: Claim, step: Step) -> Event:
        """As `Journal.record`; the event is published once it is committed."""
        if step.status in FINAL or step.status is Status.RESTING or step.delay is not None:
            self._leases.let_go(claim)
        event = await self._journal.record(claim, step)
        self._tell(claim, event)
        return event

    def _tell(self, claim: Claim, event: Event) -> None:
        self._publisher.publish(event, claim.account_id)
        log.info("order_step", order_id=event.order_id, seq=event.seq, status=event.status, attempt=event.attempt)

    @contextlib.asynccontextmanager
    async def holding(self, claim: Claim) -> AsyncIterator[None]:
        """Keeps the lease alive while the order is worked on; lost, it cancels the work with `Fenced`."""
        async with self._leases.held(claim):
            yield

    async def send(self, transaction: Transaction) -> SendResult:
        """Sends one transaction; raises `MarketUnavailable`."""
        return await self._sends(transaction)

    async def outcome(self, signature: str) -> Outcome:
        """Asks about one transaction; raises `MarketUnavailable`."""
        return await self._questions(signature)

    async def route_in_force(self, order_id: OrderId) -> Route:
        """The route of the transaction that was recorded last, by this worker or by one before it."""
        route = last_route(await self._reader.events(order_id, 0))
        if route is None:
            raise AssertionError(f"order {order_id} has a transaction and no route")
        return route

    async def _send_all(self, transactions: Sequence[Transaction]) -> Sequence[SendResult | Exception]:
        return await self.market.send(transactions)

    async def _ask_all(self, signatures: Sequence[str]) -> Sequence[Outcome | Exception]:
        return await self.market.outcomes(signatures)
