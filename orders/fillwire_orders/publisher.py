"""The publisher: each event that was committed, to the channel of its order, with the event itself in the message.

Who watches the whole account is woken by an empty message, one for all its events that are published together.
"""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from fillwire_orders import channels
from fillwire_orders.event import Event
from fillwire_orders.order import AccountId

__all__ = ["Publisher"]

_ENCODER: Final = msgspec.json.Encoder()


class Publisher:
    """Publishes committed events in the background, in the order they were handed in.

    Redis being away is nobody's error, because followers ask the journal; what could not be sent is forgotten.
    """

    def __init__(self, redis_url: str) -> None:
        self._client = channels.client(redis_url)
        self._events: list[Event] = []
        self._accounts: set[AccountId] = set()
        self._sending: asyncio.Task[None] | None = None

    def publish(self, event: Event, account_id: AccountId | None = None) -> None:
        """Sends an event to its order's channel and wakes those who watch its account, soon; never raises.

        Without `account_id` they learn of it within a second.
        """
        self._events.append(event)
        if account_id is not None:
            self._accounts.add(account_id)
        self._start()

    def wake(self, account_id: AccountId) -> None:
        """Wakes those who watch an account, soon, where nobody can watch the order yet; never raises."""
        self._accounts.add(account_id)
        self._start()

    async def close(self) -> None:
        """Sends what is left, and closes the connection."""
        if self._sending is not None:
            await self._sending
        await self._client.aclose()

    def _start(self) -> None:
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._events or self._accounts:
                events, self._events = self._events, []
                accounts, self._accounts = self._accounts, set()
                await self._send_once(events, accounts)
        finally:
            self._sending = None

    async def _send_once(self, events: Sequence[Event], accounts: Collection[AccountId]) -> None:
        pipeline = self._client.pipeline(transaction=False)
        for event in events:
            pipeline.publish(channels.name(event.order_id), _ENCODER.encode(event))
        for account_id in accounts:
            pipeline.publish(channels.of_account(account_id), b"")
        with contextlib.suppress(*channels.AWAY):
            await pipeline.execute()
