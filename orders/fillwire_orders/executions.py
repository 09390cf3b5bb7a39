"""What an account's executions gave and cost, summed up from their receipts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from fillwire_orders.database import Pool, fetch
from fillwire_orders.event import Cost
from fillwire_orders.order import AccountId

__all__ = ["Execution", "Executions", "Period"]


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that were confirmed from one time on and before another, of one token where it is given."""

    confirmed_from: datetime
    confirmed_before: datetime
    token_in: str | None = None
    token_out: str | None = None


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """The executions of one day (UTC) and pair; with a `venue`, the swaps of that pair there.

    Amounts are in smallest units. `cost` is the mean weighted by `amount_in`, of a venue its fee and its slippage only;
    `None`: of no order it is known. `mean_seconds` is from accepted, or fired, to confirmed; `None`: of a venue.
    """

    day: date
    token_in: str
    token_out: str
    venue: str
    orders: int
    amount_in: int
    amount_out: int
    cost: Cost | None
    mean_seconds: float | None


class Executions:
    """Sums up receipts; both methods raise `StoreUnavailable`, also where there are too many to sum up in time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_pair(self, account_id: AccountId, period: Period) -> Sequence[Execution]:
        """One for each day and pair with a confirmed order, in this order; a TWAP order counts as its children."""
        return [_whole(row) for row in await self._sums("executions", account_id, period)]

    async def by_venue(self, account_id: AccountId, period: Period) -> Sequence[Execution]:
        """One for each day, pair and venue with a leg, in this order; the pair is the leg's own."""
        return [_leg(row) for row in await self._sums("venue_executions", account_id, period)]

    async def _sums(self, name: str, account_id: AccountId, period: Period) -> Sequence[tuple[Any, ...]]:
        return await fetch(self._pool, name, {"account_id": account_id, **msgspec.structs.asdict(period)})


def _whole(row: Sequence[Any]) -> Execution:
    *sums, seconds, total, drift, fee, impact, slippage, saved = row
    if total is None:
        return _execution(sums, seconds, None)
    cost = Cost(
        total_bps=total, drift_bps=drift, fee_bps=fee, impact_bps=impact, slippage_bps=slippage, saved_bps=saved
    )
    return _execution(sums, seconds, cost)


def _leg(row: Sequence[Any]) -> Execution:
    *sums, fee, slippage = row
    cost = Cost(total_bps=fee + slippage, drift_bps=0.0, fee_bps=fee, impact_bps=0.0, slippage_bps=slippage)
    return _execution(sums, None, cost)


def _execution(sums: Sequence[Any], seconds: float | None, cost: Cost | None) -> Execution:
    day, token_in, token_out, venue, orders, amount_in, amount_out = sums
    return Execution(
        day=day,
        token_in=token_in,
        token_out=token_out,
        venue=venue,
        orders=orders,
        amount_in=int(amount_in),
        amount_out=int(amount_out),
        cost=cost,
        mean_seconds=seconds,
    )
