"""How many orders an account may submit in a minute, and have open: counted in PostgreSQL, for all servers together.

A minute is any minute: of the orders that were submitted, each counts for 60 s, rounded up to the end of a second. So in
no minute more than the limit are let in, and all of them may come at once. What was taken is forgotten with the order
that it was taken for, if PostgreSQL crashes, and never after it: commits are durable in their order.

The cap on open orders is one on harm: orders that are being submitted at this very moment are not yet counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from fillwire_orders.accounts import Limits
from fillwire_orders.batch import Batch
from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import RateLimited, StoreUnavailable, TooManyOpenOrders
from fillwire_orders.order import AccountId

__all__ = ["Quota", "Quotas"]

_ROUNDS: Final = 3


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to an account once an order was let in; `reset_seconds` is until there is more than that.

    `second` is where it was counted, 0 where it was not.
    """

    limit: int
    remaining: int
    reset_seconds: float
    second: int


class _Wanted(msgspec.Struct, frozen=True):
    account_id: AccountId
    limits: Limits


class _Granted(msgspec.Struct, frozen=True):
    """What the statement says of an account: how many of its orders are let in, and what stands in the way of more."""

    granted: int
    remaining: int | None
    open_left: int | None
    reset_seconds: float
    second: int


class Quotas:
    """Lets orders in; every process that submits for clients has one.

    What is asked for at the same moment is counted together, in one statement. Both methods raise `StoreUnavailable`
    when PostgreSQL does not answer; the order may then have been counted.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        # One lane: two would wait for each other's lock on a row.
        self._takes = Batch(self._take_all, lanes=1, shared=(StoreUnavailable,))

    async def take(self, account_id: AccountId, limits: Limits) -> Quota:
        """Counts one order; raises `RateLimited` or `TooManyOpenOrders` where it must not be."""
        return await self._takes(_Wanted(account_id, limits))

    async def give_back(self, account_id: AccountId, quota: Quota) -> None:
        """Takes the order out again: it was a repetition, or nothing was stored."""
        if quota.second:
            await fetch(self._pool, "give_back", {"account_id": account_id, "second": quota.second}, once=True)

    async def _take_all(self, wanted: Sequence[_Wanted]) -> Sequence[Quota | Exception]:
        asked: dict[AccountId, list[_Wanted]] = {}
        for one in wanted:
            asked.setdefault(one.account_id, []).append(one)
        granted = await self._granted(asked)
        answers = {
            account_id: _answers(granted[account_id], ones[-1].limits, len(ones)) for account_id, ones in asked.items()
        }
        return [next(answers[one.account_id]) for one in wanted]

    async def _granted(self, asked: Mapping[AccountId, Sequence[_Wanted]]) -> dict[str, _Granted]:
        found: dict[str, _Granted] = {}
        for _ in range(_ROUNDS):
            rows = [_row(account_id, ones) for account_id, ones in asked.items() if account_id not in found]
            answers = await fetch(self._pool, "take", {"asked": msgspec.json.encode(rows).decode()})
            found |= {account_id: _Granted(*row) for account_id, *row in answers}
            if missing := [account_id for account_id in asked if account_id not in found]:
                await fetch(self._pool, "begin_quotas", {"ids": missing})
                continue
            return found
        raise StoreUnavailable("quotas that were begun are not there")


def _row(account_id: AccountId, wanted: Sequence[_Wanted]) -> dict[str, object]:
    limits = wanted[-1].limits  # they may have changed while others waited
    return {
        "account_id": account_id,
        "wanted": len(wanted),
        "per_minute": limits.orders_per_minute,
        "most_open": limits.max_open_orders,
    }


def _answers(granted: _Granted, limits: Limits, wanted: int) -> Iterator[Quota | Exception]:
    limit = limits.orders_per_minute
    for behind in reversed(range(granted.granted)):
        yield Quota(
            limit=limit,
            remaining=(granted.remaining or 0) + behind,
            reset_seconds=granted.reset_seconds,
            second=granted.second,
        )
    yield from _refusals(granted, limits, wanted - granted.granted)


def _refusals(granted: _Granted, limits: Limits, number: int) -> Iterable[Exception]:
    for _ in range(number):
        if granted.remaining == 0:
            yield RateLimited(limits.orders_per_minute, granted.reset_seconds)
        else:
            yield TooManyOpenOrders(limits.max_open_orders)
