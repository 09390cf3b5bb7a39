"""The journal of one order, with the rules of `fillwire_orders.journal`'s statements."""

from decimal import Decimal
from typing import cast

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    FINAL,
    Claim,
    Claimed,
    Event,
    Fenced,
    Limit,
    NotNow,
    OrderId,
    Status,
    Step,
    Transaction,
    Withdrawn,
)
from fillwire_orders.event import Route
from fillwire_orders.status import allowed

ORDER = OrderId("the order")


GOING_ON = (Status.BUILDING, Status.SUBMITTED, Status.RETRYING, Status.RESTING)


class Journal:
    """The order's row and log; times are the explorer's: a lease ends when `leased` is set to false.

    An order that `rests` is a limit order: it waits until it is fired, and again where its price has gone.
    """

    def __init__(self, *, rests: bool = False) -> None:
        self.rests = rests
        self.status = Status.RESTING if rests else Status.PENDING
        self.log = [Status.PENDING, Status.RESTING] if rests else [Status.PENDING]
        self.fired = False
        self.cancel_requested = False
        self.rested_attempt = 0
        self.fence = 0
        self.leased = False
        self.attempt = 0
        self.sent: Transaction | None = None
        self.route: Route | None = None

    def key(self) -> tuple[object, ...]:
        """All that the future depends on."""
        signature = self.sent and self.sent.signature
        wishes = self.fired, self.cancel_requested, self.rested_attempt
        return self.status, len(self.log), self.fence, self.leased, self.attempt, signature, wishes

    def claim(self) -> Claimed | NotNow:
        """As `claim.sql`."""
        if self.status in FINAL or self.leased or (self.status is Status.RESTING and not self.fired):
            return NotNow()
        self.fence += 1
        self.leased = True
        if begins := self.status in (Status.PENDING, Status.RETRYING, Status.RESTING):
            self.attempt += 1
            self._enter(Status.ROUTING)
        return Claimed(
            claim=self._claim(),
            began=cast("Event", object()) if begins else None,
            token_in="SOL",
            token_out="USDC",
            amount_in=10**9,
            slippage_bps=50,
            limit=Limit(Decimal(1), 1) if self.rests else None,
            rests_again=self.rests,
            sent=self.sent,
        )

    def record(self, claim: Claim, step: Step) -> None:
        """As `record.sql`."""
        if (claim.fence, claim.last_seq, claim.status) != (self.fence, len(self.log), self.status):
            raise Fenced(ORDER)
        if step.status in GOING_ON and self.cancel_requested:
            raise Withdrawn(ORDER)
        self.write(claim, step)

    def fire(self) -> None:
        """As `fire.sql`."""
        if self.status is Status.RESTING and not self.cancel_requested:
            self.fired = True

    def cancel(self) -> None:
        """As `cancel.sql`."""
        if self.status in FINAL:
            return
        self.cancel_requested = True
        if self.status in (Status.PENDING, Status.RETRYING, Status.RESTING):
            self.fence += 1
            self.leased = False
            self._enter(Status.CANCELLED)

    def write(self, claim: Claim, step: Step) -> None:
        """What `record` does when the claim is good."""
        assert allowed(claim.status, step.status), f"{claim.status} -> {step.status}"
        self._enter(step.status)
        gives_back = step.delay is not None or step.status is Status.RESTING
        self.sent = None if gives_back else step.transaction or self.sent
        self.route = getattr(step.detail, "route", None) or self.route
        if step.status is Status.RESTING:
            self.fired = False
            self.rested_attempt = self.attempt
        if step.status in FINAL or gives_back:
            self.leased = False

    def hand_back(self, claim: Claim) -> None:
        """As `hand_back.sql`."""
        if claim.fence == self.fence and self.leased:
            self.fence += 1
            self.leased = False

    def _claim(self) -> Claim:
        return Claim(
            order_id=ORDER,
            account_id=DEFAULT_ACCOUNT,
            fence=self.fence,
            status=self.status,
            last_seq=len(self.log),
            attempt=self.attempt,
            rested_attempt=self.rested_attempt,
        )

    def _enter(self, status: Status) -> None:
        self.status = status
        self.log.append(status)
