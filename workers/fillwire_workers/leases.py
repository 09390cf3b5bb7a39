"""The leases a worker process holds, renewed together; an order that was lost is let go at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import structlog

from fillwire_orders import Claim, Fenced, Journal, OrderId, StoreUnavailable
from fillwire_orders.tasks import ended

__all__ = ["Leases"]

RENEW_SECONDS: Final = 3.0
"""A third of the lease: two renewals may fail before it runs out."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Held:
    claim: Claim
    task: "asyncio.Task[object]"
    lost: bool = False


class Leases:
    """Renews every `renew_seconds` what is held; used as an async context manager."""

    def __init__(self, journal: Journal, *, renew_seconds: float = RENEW_SECONDS) -> None:
        self._journal = journal
        self._renew_seconds = renew_seconds
        self._held: dict[OrderId, _Held] = {}
        self._renewing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._renewing = asyncio.create_task(self._renew())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._renewing is not None:
            await ended(self._renewing)

    @contextlib.asynccontextmanager
    async def held(self, claim: Claim) -> AsyncIterator[None]:
        """Renews the claim's lease for as long as the block runs.

        When another worker has the order, the block is cancelled and `Fenced` raised. A block that is cancelled
        otherwise, or loses the journal, hands the order back, so that another worker can go on at once.
        """
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("a lease is held by a task")
        held = self._held[claim.order_id] = _Held(claim, task)
        try:
            yield
        except asyncio.CancelledError:
            if not held.lost:
                await asyncio.shield(self._hand_back(claim))
                raise
            task.uncancel()
            raise Fenced(claim.order_id) from None
        except StoreUnavailable:
            await self._hand_back(claim)
            raise
        finally:
            if self._held.get(claim.order_id) is held:
                del self._held[claim.order_id]

    def let_go(self, claim: Claim) -> None:
        """Renews the claim no more: the step that is about to be recorded ends its lease."""
        self._held.pop(claim.order_id, None)

    async def _hand_back(self, claim: Claim) -> None:
        if self._held.get(claim.order_id) is None:  # it was let go: its last step is on its way
            return
        # Should the journal be away, the lease runs out by itself.
        with contextlib.suppress(StoreUnavailable):
            await self._journal.hand_back([claim])

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._renew_seconds)
            held = list(self._held.values())
            if not held:
                continue
            try:
                kept = await self._journal.renew([one.claim for one in held])
            except StoreUnavailable:
                log.warning("leases_not_renewed", orders=len(held))
                continue
            for one in held:
                if one.claim.order_id not in kept and self._held.get(one.claim.order_id) is one:
                    one.lost = True
                    one.task.cancel()
