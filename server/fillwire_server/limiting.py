"""The journal behind the limits of accounts: every submit of a client passes here, whatever method it came by."""

from contextvars import ContextVar
from decimal import Decimal
from typing import Final

from fillwire_orders import (
    AccountId,
    Journal,
    Order,
    OrderNotFound,
    Pool,
    RequestId,
    RequestIdReused,
    Submission,
    Terms,
)
from fillwire_orders.errors import RateLimited, TooManyOpenOrders
from fillwire_orders.quotas import Quota, Quotas
from fillwire_server.accounts import current_caller

__all__ = ["COUNTED", "LimitedJournal"]

COUNTED: Final[ContextVar[Quota | None]] = ContextVar("counted", default=None)
"""What is left of the quota, once the call under way has submitted; `None`: nothing was counted."""


class LimitedJournal(Journal):
    """A journal that stores no more orders than the caller's account may submit; without limits, just a journal."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._quotas = Quotas(pool)

    async def submit(
        self, account_id: AccountId, request_id: RequestId, terms: Terms, *, arrival_mid_price: Decimal | None = None
    ) -> Submission:
        """As a journal does, and raises `RateLimited` or `TooManyOpenOrders`.

        A repetition is answered all the same, and counts for nothing.
        """
        limits = current_caller().limits
        if not limits.orders_per_minute and not limits.max_open_orders:
            return await super().submit(account_id, request_id, terms, arrival_mid_price=arrival_mid_price)
        try:
            quota = await self._quotas.take(account_id, limits)
        except (RateLimited, TooManyOpenOrders) as refusal:
            return Submission(await self._known(account_id, request_id, terms, refusal), deduplicated=True)
        if quota.limit:
            COUNTED.set(quota)
        try:
            submission = await super().submit(account_id, request_id, terms, arrival_mid_price=arrival_mid_price)
        except RequestIdReused:
            await self._quotas.give_back(account_id, quota)
            raise
        if submission.deduplicated:
            await self._quotas.give_back(account_id, quota)
        return submission

    async def _known(
        self, account_id: AccountId, request_id: RequestId, terms: Terms, refusal: RateLimited | TooManyOpenOrders
    ) -> Order:
        """The order of which the refused request is a repetition; raises the refusal where it is none."""
        if isinstance(refusal, RateLimited):
            COUNTED.set(Quota(limit=refusal.limit, remaining=0, reset_seconds=refusal.retry_after_seconds, second=0))
        try:
            return await self.repeated(account_id, request_id, terms)
        except OrderNotFound:
            raise refusal from None
