"""What became of a transaction: sent, and asked about, until the market proves it.

A time-out is not a failure. Only a landing, a refusal or an expiry ends this; as long as nobody can say, it goes on.
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol, assert_never

from fillwire_dex import (
    Accepted,
    Expired,
    Landed,
    MarketUnavailable,
    NotTaken,
    Outcome,
    Pending,
    Refused,
    SendResult,
    SendUnknown,
    Transaction,
    Unseen,
)

__all__ = ["Line", "Settlement"]

POLL_SECONDS: Final = 0.1
"""How long a transaction that is on its way is left alone between two questions."""

SILENCE_SECONDS: Final = 2.0
"""How long the market may give no answer before the order is said to be RECONCILING."""

_LONGEST_PAUSE: Final = 2.0


class Line(Protocol):
    """The line to the market; both raise `MarketUnavailable`."""

    async def send(self, transaction: Transaction) -> SendResult:
        """Sends one transaction; again is harmless."""
        ...

    async def outcome(self, signature: str) -> Outcome:
        """What is known of one transaction."""
        ...


class Settlement:
    """Settles one transaction.

    `may_send` is asked before each send: what was never seen by the market and may no longer be sent is left to
    expire. `on_silence` is called once, when the market has given no answer for `SILENCE_SECONDS`.
    """

    def __init__(
        self,
        line: Line,
        transaction: Transaction,
        *,
        may_send: Callable[[], bool],
        on_silence: Callable[[str], Awaitable[None]],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._line = line
        self._clock = clock
        self._sleep = sleep
        self._transaction = transaction
        self._may_send = may_send
        self._on_silence = on_silence
        self._heard = self._clock()
        self._told = False
        self._pause = POLL_SECONDS

    async def send(self) -> Landed | Refused | Expired:
        """Sends the transaction and settles it."""
        return await self._settle(await (self._try_send() if self._may_send() else self._try_ask()))

    async def ask(self) -> Landed | Refused | Expired:
        """Settles a transaction that may have been sent before, by this worker or another."""
        return await self._settle(await self._try_ask())

    async def _settle(self, answer: Outcome | None) -> Landed | Refused | Expired:
        while True:
            match answer:
                case Landed() | Refused() | Expired():
                    return answer
                case Unseen() if answer.proves_expiry(self._transaction.last_valid_slot):
                    return Expired(answer.slot)
                case Unseen() if self._may_send():
                    answer = await self._try_send()
                case Unseen() | Pending() | None:
                    await self._sleep(self._pause)
                    answer = await self._try_ask()
                case _:
                    assert_never(answer)

    async def _try_send(self) -> Outcome | None:
        try:
            result = await self._line.send(self._transaction)
        except MarketUnavailable as error:
            await self._unanswered(str(error))
            return None
        match result:
            case Accepted(outcome=outcome):
                return self._answered(outcome)
            case NotTaken(retry_after_seconds=seconds, reason=reason):
                await self._sleep(seconds)
                await self._unanswered(f"not taken: {reason}")
                return None
            case SendUnknown(message=message):
                await self._unanswered(message)
                return None
            case _:
                assert_never(result)

    async def _try_ask(self) -> Outcome | None:
        try:
            return self._answered(await self._line.outcome(self._transaction.signature))
        except MarketUnavailable as error:
            await self._unanswered(str(error))
            return None

    def _answered(self, outcome: Outcome) -> Outcome:
        self._heard = self._clock()
        self._pause = POLL_SECONDS
        return outcome

    async def _unanswered(self, message: str) -> None:
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        if not self._told and self._clock() - self._heard > SILENCE_SECONDS:
            self._told = True
            await self._on_silence(message)
