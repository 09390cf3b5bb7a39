"""Whose call it is."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fillwire_orders import AccountId
from fillwire_orders.accounts import Limits
from fillwire_orders.keys import Scope

__all__ = ["CALLER", "Caller", "current_account", "current_caller"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An account, and what its credential allows; `key_id` is empty where none was asked for."""

    account_id: AccountId
    limits: Limits
    scopes: frozenset[Scope] = field(default=frozenset(Scope))
    key_id: str = ""
    expires_at: datetime | None = None


CALLER: Final[ContextVar[Caller]] = ContextVar("caller")
"""Set per call by the layer that checks credentials (`interceptors.authorizing`); a method without a policy has none."""


def current_caller() -> Caller:
    """Who makes the call under way."""
    return CALLER.get()


def current_account() -> AccountId:
    """The account of the call under way; never taken from the request."""
    return CALLER.get().account_id
