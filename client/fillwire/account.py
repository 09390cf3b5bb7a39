"""The account: who the caller is, what it may do, and where its events are delivered."""

from dataclasses import dataclass, field
from datetime import datetime

from fillwire.status import Scope, Status

__all__ = ["Account", "Webhook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose token a call carries, and what it allows."""

    account_id: str
    key_id: str
    """The id of the key. Empty: the engine asks for none."""
    scopes: tuple[Scope, ...]
    expire_time: datetime | None
    """When the key ends, UTC. `None`: never."""
    orders_per_minute: int | None
    """How many orders a minute the account may submit. `None`: as many as it likes."""
    max_open_orders: int | None
    """How many orders it may have open at a time. `None`: as many as it likes."""
    max_streams: int | None
    """How many streams it may have open at a time on one server. `None`: as many as it likes."""
    cancel_time: datetime | None
    """When the dead man's switch cancels all open orders, UTC. `None`: it is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that every event of the account is posted to, in order, until it is taken."""

    webhook_id: str
    url: str
    statuses: tuple[Status, ...]
    """Only events that enter one of these. Empty: all."""
    enabled: bool
    """Whether it is on; what happens while it is off is delivered when it is on again."""
    cursor: str
    """As of `watch_account`, behind the last event that was taken."""
    failures: int
    """How often the next event has been posted in vain."""
    last_error: str
    """What the last attempt came to. Empty: nothing was wrong."""
    retry_time: datetime | None
    """When it is tried again, UTC. `None`: nothing waits."""
    create_time: datetime | None
    secret: str = field(default="", repr=False, compare=False)
    """For `verify_webhook`; shown once, where it was made. Empty everywhere else."""
