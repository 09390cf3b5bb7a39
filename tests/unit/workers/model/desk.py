"""The desk of one worker in the world: what it asks for becomes a turn."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final, cast

from fillwire_dex import Accepted, MarketUnavailable, Outcome, Route, SendResult, SendUnknown, Snapshot, Transaction
from fillwire_orders import Claim, Claimed, NotNow, OrderId, Step, StoreUnavailable
from fillwire_orders.event import Route as RecordedRoute
from tests.unit.workers.model.chain import Chain
from tests.unit.workers.model.journal import Journal
from tests.unit.workers.model.turns import Act, Turn, Way


class Desk:
    """Stands for `fillwire_workers.desk.Desk`, and for the market it has."""

    def __init__(self, journal: Journal, chain: Chain) -> None:
        self._journal = journal
        self._chain = chain
        self._time = 0.0
        self.market = self
        self.scores = NoScores()

    def clock(self) -> float:
        return self._time

    async def sleep(self, _seconds: float) -> None:
        """Time enough for a silence to be one."""
        self._time += 3.0
        await Turn("sleeps", Way("", lambda: None))

    async def claim(self, _order_id: OrderId) -> Claimed | NotNow:
        return cast("Claimed | NotNow", await _stored("claims", self._journal.claim))

    async def record(self, claim: Claim, step: Step) -> None:
        before = replace(claim)
        await _stored(f"records {step.status}", lambda: self._journal.record(before, step))
        claim.status = step.status
        claim.last_seq += 1

    @contextlib.asynccontextmanager
    async def holding(self, claim: Claim) -> AsyncIterator[None]:
        """Never notices that the lease is lost: the worst that a worker can do."""
        try:
            yield
        except StoreUnavailable:
            back = Way("done", lambda: self._journal.hand_back(claim))
            await Turn("hands back", back, Way("the store is still away", lambda: None))
            raise

    async def route_in_force(self, _order_id: OrderId) -> RecordedRoute:
        assert self._journal.route is not None
        return self._journal.route

    async def pools(self, *_tokens: object, **_limits: object) -> Snapshot:
        route, slot = self._chain.route, self._chain.slot
        given = Way("given", lambda: Snapshot(route.token_in, route.token_out, slot, 0, ()))
        return cast("Snapshot", await Turn("asks for pools", given, Way("none", _silence, fault=True)))

    async def build_delay(self, _reference: str) -> None:
        pass

    def build(self, _route: Route, *, reference: str, slot: int, **_limits: object) -> Transaction:
        return cast("Transaction", self._chain.sign(reference, slot))

    async def send(self, transaction: Transaction) -> SendResult:
        chain, signature = self._chain, transaction.signature

        def accepted() -> Accepted:
            chain.arrive(signature)
            return Accepted(signature, chain.outcome(signature))

        def unheard() -> SendUnknown:
            chain.arrive(signature)
            return SendUnknown(signature, "no answer")

        def late() -> SendUnknown:
            chain.late.append(signature)
            return SendUnknown(signature, "no answer")

        turn = Turn(
            f"sends {signature}",
            Way("accepted", accepted),
            Way("answer lost", unheard, fault=True),
            Way("lost", _silence, fault=True),
            Way("late", late, fault=True),
        )
        return cast("SendResult", await turn)

    async def outcome(self, signature: str) -> Outcome:
        told = Way("told", lambda: self._chain.outcome(signature))
        return cast("Outcome", await Turn(f"asks about {signature}", told, Way("silence", _silence, fault=True)))


class NoScores:
    """Keeps none."""

    haircuts: Final[dict[str, float]] = {}

    def filled(self, *_: object, **__: object) -> None:
        pass

    def refused(self, *_: object) -> None:
        pass


def _stored(name: str, act: Act) -> Turn:
    """A turn at the store: it does as asked, does it and cannot say so, or does nothing."""

    def unheard() -> object:
        act()
        raise StoreUnavailable("the answer was lost")

    def away() -> object:
        raise StoreUnavailable("away")

    return Turn(name, Way("done", act), Way("answer lost", unheard, fault=True), Way("away", away, fault=True))


def _silence() -> object:
    raise MarketUnavailable("no answer")
