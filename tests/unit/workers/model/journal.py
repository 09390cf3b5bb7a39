"""The journal of one order, with the rules of `fillwire_orders.journal`'s statements."""

from typing import cast

from fillwire_orders import FINAL, Claim, Claimed, Event, Fenced, NotNow, OrderId, Routing, Status, Step, Transaction
from fillwire_orders.event import Route
from fillwire_orders.status import allowed

ORDER = OrderId("the order")


class Journal:
    """The order's row and log; times are the explorer's: a lease ends when `leased` is set to false."""

    def __init__(self) -> None:
        self.status = Status.PENDING
        self.log = [Status.PENDING]
        self.fence = 0
        self.leased = False
        self.attempt = 0
        self.sent: Transaction | None = None
        self.route: Route | None = None

    def key(self) -> tuple[object, ...]:
        """All that the future depends on."""
        signature = self.sent and self.sent.signature
        return self.status, len(self.log), self.fence, self.leased, self.attempt, signature

    def claim(self) -> Claimed | NotNow:
        """As `claim.sql`."""
        if self.status in FINAL or self.leased:
            return NotNow()
        self.fence += 1
        self.leased = True
        if begins := self.status in (Status.PENDING, Status.RETRYING):
            self.attempt += 1
            self._enter(Status.ROUTING)
        return Claimed(
            claim=Claim(ORDER, self.fence, self.status, len(self.log), self.attempt, ""),
            began=cast("Event", object()) if begins else None,
            token_in="SOL",
            token_out="USDC",
            amount_in=10**9,
            slippage_bps=50,
            min_amount_out=None,
            floor_amount_out=None,
            max_price_impact_bps=None,
            routing=Routing(),
            seconds_left=None,
            venue_seconds=0.0,
            sent=self.sent,
        )

    def record(self, claim: Claim, step: Step) -> None:
        """As `record.sql`."""
        if (claim.fence, claim.last_seq, claim.status) != (self.fence, len(self.log), self.status):
            raise Fenced(ORDER)
        self.write(claim, step)

    def write(self, claim: Claim, step: Step) -> None:
        """What `record` does when the claim is good."""
        assert allowed(claim.status, step.status), f"{claim.status} -> {step.status}"
        self._enter(step.status)
        self.sent = None if step.delay is not None else step.transaction or self.sent
        self.route = getattr(step.detail, "route", None) or self.route
        if step.status in FINAL or step.delay is not None:
            self.leased = False

    def hand_back(self, claim: Claim) -> None:
        """As `hand_back.sql`."""
        if claim.fence == self.fence and self.leased:
            self.fence += 1
            self.leased = False

    def _enter(self, status: Status) -> None:
        self.status = status
        self.log.append(status)
