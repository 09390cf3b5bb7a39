"""Whatever crashes, pauses, comes late or is lost: an order swaps once or not at all, and says which.

Every interleaving of two workers with up to two faults is run, on the product's own `execute` and `Settlement`;
then errors are planted in them, and in what they rest on, and each must be found.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pytest

from fillwire_dex import Outcome, Pending, RefusalReason, Refused, Unseen, router
from fillwire_orders import FINAL, Claim, Claimed, NotNow, Status, Step
from fillwire_workers import execution
from fillwire_workers.settlement import Settlement
from tests.unit.dex import markets
from tests.unit.workers.model.chain import LAST_SLOT, Chain, Signed
from tests.unit.workers.model.explorer import Violation, explore
from tests.unit.workers.model.journal import Journal
from tests.unit.workers.model.world import World

ROUTE: Final = router.best(markets.market([markets.at_price("160", 1_000_000)]), amount_in=10**9)


@dataclass(frozen=True)
class Rules:
    """What a world is made of; an error may be planted in either."""

    journal: type[Journal] = Journal
    chain: type[Chain] = Chain

    def world(self, *, faults: int, starts: int, rests: bool = False, owned: bool = False) -> World:
        return World(self.journal(rests=rests), self.chain(ROUTE), faults=faults, starts=starts, owned=owned)


@pytest.fixture(autouse=True)
def one_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routing is not what is explored: every snapshot gives the same route, of its own slot."""
    routes = [replace(ROUTE, slot=slot) for slot in range(LAST_SLOT + 1)]
    monkeypatch.setattr(router, "best", lambda snapshot, **_limits: routes[snapshot.slot])
    monkeypatch.setattr(execution, "Transaction", Signed)


@pytest.mark.parametrize(("faults", "starts"), [(0, 2), (1, 3)])
def test_an_order_is_swapped_once_or_not_at_all_whatever_happens(faults: int, starts: int) -> None:
    assert Status.CONFIRMED in explore(lambda: Rules().world(faults=faults, starts=starts))


def test_the_same_with_two_faults_which_lead_through_every_state_of_an_attempt() -> None:
    met = explore(lambda: Rules().world(faults=2, starts=2))
    assert met == {
        Status.PENDING,
        Status.ROUTING,
        Status.BUILDING,
        Status.SUBMITTED,
        Status.RETRYING,
        Status.RECONCILING,
        Status.CONFIRMED,
    }


def test_the_same_where_its_owner_wants_it_withdrawn_at_any_moment() -> None:
    met = explore(lambda: Rules().world(faults=1, starts=2, owned=True))
    assert {Status.CANCELLED, Status.CONFIRMED} <= met


def test_the_same_for_a_limit_order_that_rests_again_and_may_be_withdrawn() -> None:
    met = explore(lambda: Rules(chain=Gone).world(faults=1, starts=3, rests=True, owned=True))
    assert {Status.CANCELLED, Status.CONFIRMED, Status.RESTING} <= met


class Gone(Chain):
    """Refuses because the price has gone."""

    def outcome(self, signature: str) -> Outcome:
        outcome = super().outcome(signature)
        return replace(outcome, reason=RefusalReason.SLIPPAGE_EXCEEDED) if isinstance(outcome, Refused) else outcome


# Each is what an engine of this kind has been seen to do.


def silence_is_failure(monkeypatch: pytest.MonkeyPatch) -> Rules:
    async def send(self: Settlement) -> object:
        answer = await self._try_send()
        return await self._settle(answer) if answer else Refused(0, RefusalReason.SIMULATED, "no answer")

    monkeypatch.setattr(Settlement, "send", send)
    return Rules()


def pending_for_long_is_failure(monkeypatch: pytest.MonkeyPatch) -> Rules:
    async def settle(self: Settlement, answer: object) -> object:
        while isinstance(answer, Pending):
            await self._sleep(1)
            answer = await self._try_ask()
            if isinstance(answer, Pending):
                break
        return answer if not isinstance(answer, Pending) else Refused(0, RefusalReason.SIMULATED, "gave up")

    monkeypatch.setattr(Settlement, "_settle", settle)
    return Rules()


def expiry_comes_a_slot_early(monkeypatch: pytest.MonkeyPatch) -> Rules:
    monkeypatch.setattr(Unseen, "proves_expiry", lambda self, last_valid_slot: self.slot >= last_valid_slot)
    return Rules()


def whoever_takes_over_builds_anew(monkeypatch: pytest.MonkeyPatch) -> Rules:
    class Forgetful(Journal):
        def claim(self) -> Claimed | NotNow:
            answer = super().claim()
            if not isinstance(answer, Claimed) or answer.sent is None:
                return answer
            self.status = answer.claim.status = Status.ROUTING
            return replace(answer, sent=None)

    return Rules(journal=Forgetful)


def what_may_be_sent_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> Rules:
    class Careless(Journal):
        def write(self, claim: Claim, step: Step) -> None:
            super().write(claim, replace(step, transaction=None))

        def claim(self) -> Claimed | NotNow:
            if self.status is Status.SUBMITTED:  # whoever takes over has nothing to ask about
                self.status = Status.BUILDING
            return super().claim()

    return Rules(journal=Careless)


def a_withdrawn_order_is_forgotten_while_its_transaction_lives(monkeypatch: pytest.MonkeyPatch) -> Rules:
    class Hasty(Journal):
        def cancel(self) -> None:
            if self.status is Status.SUBMITTED:
                self._enter(Status.CANCELLED)
            super().cancel()

    return Rules(journal=Hasty)


def a_withdrawn_order_goes_on(monkeypatch: pytest.MonkeyPatch) -> Rules:
    class Deaf(Journal):
        def cancel(self) -> None:
            if self.status not in FINAL:
                self._enter(Status.CANCELLED)

        def record(self, claim: Claim, step: Step) -> None:
            self.write(claim, step)

    return Rules(journal=Deaf)


def steps_are_written_blindly(monkeypatch: pytest.MonkeyPatch) -> Rules:
    class Blind(Journal):
        def record(self, claim: Claim, step: Step) -> None:
            self.write(claim, step)

    return Rules(journal=Blind)


def a_transaction_lands_as_often_as_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> Rules:
    class Generous(Chain):
        def arrive(self, signature: str) -> None:
            self.fates[signature] = "pending"

    return Rules(chain=Generous)


@pytest.mark.parametrize(
    "planted",
    [
        silence_is_failure,
        pending_for_long_is_failure,
        expiry_comes_a_slot_early,
        whoever_takes_over_builds_anew,
        what_may_be_sent_is_not_recorded,
        steps_are_written_blindly,
        a_transaction_lands_as_often_as_it_is_sent,
        a_withdrawn_order_is_forgotten_while_its_transaction_lives,
        a_withdrawn_order_goes_on,
    ],
)
def test_a_planted_error_is_found(
    planted: Callable[[pytest.MonkeyPatch], Rules], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = planted(monkeypatch)
    with pytest.raises(Violation):
        explore(lambda: rules.world(faults=2, starts=2, owned=True))
