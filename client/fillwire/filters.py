"""The keyword arguments that choose among orders, events and executions, written once for both clients.

All that are given must hold. Times are aware datetimes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from fillwire.status import Kind, Status

__all__ = ["AccountFilters", "CancelFilters", "Filters", "ReportFilters"]


class Filters(TypedDict, total=False):
    """Which orders to list."""

    statuses: Sequence[Status]
    types: Sequence[Kind]
    token_in: str
    token_out: str
    client_order_id: str
    parent_order_id: str
    """Only children of this order."""
    create_time_from: datetime
    """Accepted at or after it."""
    create_time_before: datetime
    """Accepted before it."""


class CancelFilters(TypedDict, total=False):
    """Which open orders to cancel."""

    types: Sequence[Kind]
    token_in: str
    token_out: str


class AccountFilters(TypedDict, total=False):
    """Which events of the account to watch."""

    statuses: Sequence[Status]
    """Events that enter one of these."""
    token_in: str
    token_out: str
    client_order_id: str
    terminal_only: bool
    """Final events only."""
    from_start: bool
    """Without a cursor: begin with the account's first event."""


class ReportFilters(TypedDict, total=False):
    """Which executions to sum up."""

    confirm_time_from: datetime
    """Confirmed at or after it. Left out: 7 days before `confirm_time_before`."""
    confirm_time_before: datetime
    """Confirmed before it. Left out: now."""
    token_in: str
    token_out: str
