"""A transaction is settled by proof alone: landed, refused or expired; a time-out is none of them."""

from collections.abc import Callable, Sequence

import pytest

from fillwire_dex import (
    Accepted,
    DelayReason,
    ExactIn,
    Expired,
    Instruction,
    Landed,
    MarketUnavailable,
    NotTaken,
    Outcome,
    Pending,
    RefusalReason,
    Refused,
    SendResult,
    SendUnknown,
    Transaction,
    Unseen,
)
from fillwire_workers.settlement import Settlement

LANDED = Landed(5, 10, 20, ())
REFUSED = Refused(5, RefusalReason.SLIPPAGE_EXCEEDED, "too little")
DOWN = MarketUnavailable("no answer")
TRANSACTION = Transaction(
    "5ign", b"payload", "order:1", 100, "sol", "usdc", ExactIn(1), (Instruction("pool", "sol", "usdc", 10, 20),)
)

Answer = SendResult | Outcome | MarketUnavailable


class Script:
    """A line to a market that answers as it is told, and a clock that moves only when somebody sleeps."""

    def __init__(
        self, *, sends: Sequence[SendResult | MarketUnavailable], asks: Sequence[Outcome | MarketUnavailable]
    ) -> None:
        self.calls: list[str] = []
        self.silent: list[str] = []
        self.now = 0.0
        self._sends, self._asks = list(sends), list(asks)

    async def send(self, transaction: Transaction) -> SendResult:
        self.calls.append("send")
        assert transaction is TRANSACTION
        answer = self._sends.pop(0)
        if isinstance(answer, MarketUnavailable):
            raise answer
        return answer

    async def outcome(self, signature: str) -> Outcome:
        self.calls.append("ask")
        assert signature == TRANSACTION.signature
        answer = self._asks.pop(0)
        if isinstance(answer, MarketUnavailable):
            raise answer
        return answer

    def settlement(self, may_send: Callable[[], bool] = lambda: True) -> Settlement:
        async def sleep(seconds: float) -> None:
            self.now += seconds

        async def on_silence(message: str) -> None:
            self.silent.append(message)

        return Settlement(
            self, TRANSACTION, may_send=may_send, on_silence=on_silence, clock=lambda: self.now, sleep=sleep
        )


def accepted(outcome: Outcome) -> Accepted:
    return Accepted("5ign", outcome)


@pytest.mark.parametrize("end", [LANDED, REFUSED, Expired(101)])
async def test_what_is_known_at_once_needs_no_question(end: Outcome) -> None:
    script = Script(sends=[accepted(end)], asks=[])
    assert await script.settlement().send() == end
    assert script.calls == ["send"]


async def test_a_pending_transaction_is_asked_about_and_not_sent_again() -> None:
    script = Script(sends=[accepted(Pending(4))], asks=[Pending(4), Pending(5), LANDED])
    assert await script.settlement().send() == LANDED
    assert script.calls == ["send", "ask", "ask", "ask"]


async def test_a_lost_answer_is_not_a_failure() -> None:
    script = Script(sends=[SendUnknown("5ign", "timed out")], asks=[LANDED])
    assert await script.settlement().send() == LANDED


async def test_what_the_market_never_saw_is_sent_again() -> None:
    script = Script(sends=[DOWN, accepted(LANDED)], asks=[Unseen(5)])
    assert await script.settlement().send() == LANDED
    assert script.calls == ["send", "ask", "send"]


async def test_what_the_market_never_saw_is_proven_dead_after_its_last_slot_and_not_before() -> None:
    script = Script(sends=[DOWN], asks=[Unseen(100), DOWN, Unseen(101)])
    assert await script.settlement(may_send=lambda: False).ask() == Expired(101)
    assert script.calls == ["ask", "ask", "ask"]


async def test_who_takes_over_asks_before_it_sends() -> None:
    script = Script(sends=[], asks=[LANDED])
    assert await script.settlement().ask() == LANDED
    assert script.calls == ["ask"]


async def test_a_busy_market_gets_the_same_transaction_after_the_pause_it_wants() -> None:
    busy = NotTaken("5ign", DelayReason.RATE_LIMITED, 1.5)
    script = Script(sends=[busy, accepted(LANDED)], asks=[Unseen(5)])
    assert await script.settlement().send() == LANDED
    assert script.now >= 1.5


async def test_after_its_deadline_an_order_is_not_sent() -> None:
    script = Script(sends=[], asks=[Unseen(5), Unseen(101)])
    assert await script.settlement(may_send=lambda: False).send() == Expired(101)


async def test_silence_is_told_once_and_the_questions_go_on() -> None:
    script = Script(sends=[SendUnknown("5ign", "timed out")], asks=[DOWN] * 12 + [LANDED])
    assert await script.settlement().send() == LANDED
    assert script.silent == ["no answer"]


async def test_a_short_silence_is_not_told() -> None:
    script = Script(sends=[accepted(Pending(4))], asks=[DOWN, DOWN, LANDED])
    assert await script.settlement().send() == LANDED
    assert script.silent == []
