"""One order, from claim to final event.

    claim     the order is this worker's, for as long as it renews the lease
    route     quotes from all pools, the best split, the order's own minimum
    build     the transaction is signed: its signature is known, and recorded before it is sent
    settle    sent, and asked about, until the market proves what became of it
    conclude  CONFIRMED, or another attempt, or FAILED with the proof that nothing was swapped; a limit order rests again
              where its price has gone, and what its owner wants withdrawn is CANCELLED instead of going on

A crash between any two of them leaves what the journal says; whoever claims the order next goes on from there. What
may have been sent is asked about before anything else is done.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from fillwire_dex import Landed, MarketUnavailable, Route, Transaction, Unquotable, router, tokens
from fillwire_orders import Claimed, Failure, FailureReason, NotNow, OrderId, Status, Step, Wait, Withdrawn
from fillwire_orders import Transaction as Recorded
from fillwire_orders.event import Built, Detail, Receipt, Reconciling, Retrying, Submitted
from fillwire_orders.event import Route as RecordedRoute
from fillwire_orders.jobs import MAX_RETRIES, RETRY_INTERVALS
from fillwire_workers import bounds, receipts, wire
from fillwire_workers.desk import Desk
from fillwire_workers.settlement import Settlement

__all__ = ["Again", "execute"]


@dataclass(frozen=True, slots=True)
class Again:
    """The order wants another attempt in `delay` seconds; `attempt` of them are behind it."""

    order_id: OrderId
    attempt: int
    delay: int


async def execute(order_id: OrderId, desk: Desk) -> Again | None:
    """Brings an order as far as it can be brought now; `None`: there is nothing more to do here.

    Raises `Fenced` when another worker has it and `StoreUnavailable` when the journal is away; the order then stands
    where the journal says, and the sweeper sees to it.
    """
    order = await _claim(order_id, desk)
    if order is None:
        return None
    async with desk.holding(order.claim):
        attempt = _Attempt(order, desk)
        try:
            match await attempt.run():
                case Landed() as landed:
                    await attempt.confirm(landed)
                case Failure() as failure:
                    return await attempt.conclude(failure)
                case never:
                    assert_never(never)
        except Withdrawn:
            await attempt.withdraw()
        return None


async def _claim(order_id: OrderId, desk: Desk) -> Claimed | None:
    while True:
        match await desk.claim(order_id):
            case Claimed() as order:
                return order
            case Wait(seconds=seconds):  # RQ counts whole seconds and may be early by one
                await desk.sleep(seconds)
            case NotNow():
                return None


class _Attempt:
    """One attempt to execute an order that is claimed."""

    def __init__(self, order: Claimed, desk: Desk) -> None:
        self._order = order
        self._desk = desk
        self._ends = None if order.seconds_left is None else desk.clock() + order.seconds_left
        self._planned: RecordedRoute | None = None
        self._landing_seconds = 0.0
        self._signature = ""
        self._venue_seconds = 0.0

    async def run(self) -> Landed | Failure:
        """What became of the attempt, proven."""
        if self._order.sent is not None:
            return await self._settle(Transaction.decode(self._order.sent.payload), sent_before=True)
        if self._too_late():
            return wire.too_late()
        route = await self._choose_route()
        if isinstance(route, Failure):
            return route
        transaction = await self._build(route)
        return await self._settle(transaction, sent_before=False)

    async def _choose_route(self) -> Route | Failure:
        order, limits = self._order, wire.limits(self._order.routing)
        pair = tokens.find(order.token_in), tokens.find(order.token_out)
        try:
            with self._at_the_venues():
                snapshot = await self._desk.market.pools(*pair, max_hops=limits["max_hops"])
            route = router.best(
                snapshot,
                amount_in=order.amount_in,
                amount_out=order.amount_out,
                **limits,
                haircuts=self._desk.scores.haircuts,
            )
        except (Unquotable, MarketUnavailable) as error:
            return wire.failure(error)
        return bounds.unacceptable(route, order) or route

    async def _build(self, route: Route) -> Transaction:
        """Signs the route; when this returns, the journal knows what may be sent."""
        told, bound = wire.route(route), bounds.bound(route, self._order)
        taken_over = self._order.claim.status is Status.BUILDING
        if not taken_over:
            built = Built(route=told, floor_amount_out=bound.floor, ceiling_amount_in=bound.ceiling)
            await self._record(Status.BUILDING, built, bound=bound)
        reference = f"{self._order.claim.order_id}:{self._order.claim.attempt}"
        with self._at_the_venues():
            await self._desk.market.build_delay(reference)
        transaction = self._desk.market.build(
            route, min_amount_out=bound.floor, max_amount_in=bound.ceiling, reference=reference, slot=route.slot
        )
        await self._record(
            Status.SUBMITTED,
            Submitted(transaction.signature, transaction.last_valid_slot, told if taken_over else None),
            bound=bound,
            transaction=Recorded(transaction.signature, transaction.last_valid_slot, transaction.payload),
        )
        self._planned = told
        return transaction

    async def _settle(self, transaction: Transaction, *, sent_before: bool) -> Landed | Failure:
        self._signature = transaction.signature
        settlement = Settlement(
            self._desk,
            transaction,
            may_send=lambda: not self._too_late(),
            on_silence=self._reconcile,
            clock=self._desk.clock,
            sleep=self._desk.sleep,
        )
        began = self._desk.clock()
        with self._at_the_venues():
            outcome = await (settlement.ask() if sent_before else settlement.send())
        self._landing_seconds = self._desk.clock() - began
        if isinstance(outcome, Landed):
            return outcome
        if self._planned is not None:
            self._desk.scores.refused([leg.venue for leg in self._planned.legs])
        return wire.refusal(outcome, too_late=self._too_late())

    async def _reconcile(self, message: str) -> None:
        if self._order.claim.status is Status.SUBMITTED:
            await self._record(Status.RECONCILING, Reconciling(self._signature, message))

    async def confirm(self, landed: Landed) -> None:
        """The end: swapped, once."""
        planned = self._planned or await self._desk.route_in_force(self._order.claim.order_id)
        venue_seconds = self._order.venue_seconds + self._venue_seconds
        receipt = receipts.receipt(landed, self._signature, planned, self._order, venue_seconds=venue_seconds)
        await self._record(Status.CONFIRMED, receipt)
        if self._planned is not None:  # of an order that was taken over nobody knows how long landing took
            self._desk.scores.filled(receipt.legs, landing_seconds=self._landing_seconds)

    async def conclude(self, failure: Failure) -> Again | None:
        """Nothing was swapped and nothing will be by this attempt: another one, a rest, or the end."""
        claim = self._order.claim
        if failure.reason is FailureReason.DEADLINE_EXCEEDED and claim.status in (Status.ROUTING, Status.BUILDING):
            await self._record(Status.EXPIRED, failure)
        elif self._order.rests_again and failure.reason in wire.PRICE_IS_GONE:
            await self._record(Status.RESTING, wire.resting(self._order, failure))
        elif failure.reason in wire.HOPELESS or claim.retry > MAX_RETRIES:
            await self._record(Status.FAILED, failure)
        else:
            return await self._retry(failure)
        return None

    async def withdraw(self) -> None:
        """The end, because the owner wants it and nothing was swapped; said by the refusal of a step that goes on."""
        await self._record(Status.CANCELLED, wire.withdrawn())

    async def _retry(self, cause: Failure) -> Again:
        claim = self._order.claim
        delay = RETRY_INTERVALS[claim.retry - 1]
        self._venue_seconds += delay
        await self._record(Status.RETRYING, Retrying(claim.retry, MAX_RETRIES, delay, cause), delay=delay)
        return Again(claim.order_id, claim.retry, delay)

    async def _record(
        self,
        status: Status,
        detail: Detail,
        *,
        bound: bounds.Bound = bounds.NO_BOUND,
        transaction: Recorded | None = None,
        delay: float | None = None,
    ) -> None:
        gives_back = delay is not None or status is Status.RESTING
        step = Step(
            status=status,
            detail=detail,
            floor_amount_out=bound.floor,
            ceiling_amount_in=bound.ceiling,
            filled_amount_in=detail.amount_in if isinstance(detail, Receipt) else None,
            filled_amount_out=detail.amount_out if isinstance(detail, Receipt) else None,
            transaction=transaction,
            delay=delay,
            venue_seconds=self._venue_seconds if gives_back else 0.0,
        )
        await self._desk.record(self._order.claim, step)

    def _too_late(self) -> bool:
        return self._ends is not None and self._desk.clock() >= self._ends

    @contextlib.contextmanager
    def _at_the_venues(self) -> Iterator[None]:
        """Counts the time that is the venues', not the engine's."""
        began = self._desk.clock()
        try:
            yield
        finally:
            self._venue_seconds += self._desk.clock() - began
