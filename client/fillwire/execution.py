"""The sums of executions: what they gave and cost, by day, pair and venue."""

from dataclasses import dataclass
from datetime import date, timedelta

from fillwire.amount import Amount
from fillwire.receipt import Cost

__all__ = ["Execution", "ExecutionReport"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """The executions of one day and pair, and of one venue where it has one."""

    day: date
    """In UTC."""
    token_in: str
    token_out: str
    venue: str
    """Empty: whole orders, over all venues."""
    orders: int
    """How many; of a venue, how many with a leg there."""
    amount_in: Amount
    amount_out: Amount
    cost: Cost | None
    """Means weighted by `amount_in`; of a venue, its fee and its slippage only. `None`: not known."""
    mean_time: timedelta | None
    """Of whole orders: from accepted, or fired, to confirmed. `None`: of a venue."""


@dataclass(frozen=True, slots=True)
class ExecutionReport:
    """What the account's executions cost."""

    rows: tuple[Execution, ...]
    """One for each day, pair and venue with a fill, in this order."""
    totals: tuple[Execution, ...]
    """One for each day and pair, of whole orders."""
