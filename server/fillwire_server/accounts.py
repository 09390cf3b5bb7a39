"""Whose call it is."""

from contextvars import ContextVar
from typing import Final

from fillwire_orders import DEFAULT_ACCOUNT, AccountId

__all__ = ["ACCOUNT", "current_account"]

ACCOUNT: Final[ContextVar[AccountId]] = ContextVar("account", default=DEFAULT_ACCOUNT)
"""Set per call by whoever checks credentials; nobody does yet, so all calls share one account."""


def current_account() -> AccountId:
    """The account of the call under way; never taken from the request."""
    return ACCOUNT.get()
