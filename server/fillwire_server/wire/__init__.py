"""From the journal's and the market's words to the contract's, and back; the only place where they meet."""

from fillwire_server.wire.accounts import account
from fillwire_server.wire.events import event
from fillwire_server.wire.executions import execution
from fillwire_server.wire.explanation import explanation
from fillwire_server.wire.market import pool, token, venue
from fillwire_server.wire.orders import draft, order, status_of
from fillwire_server.wire.quotes import quote
from fillwire_server.wire.scalars import number, timestamp
from fillwire_server.wire.specs import spec
from fillwire_server.wire.types import TYPES, type_of
from fillwire_server.wire.webhooks import webhook

__all__ = [
    "TYPES",
    "account",
    "draft",
    "event",
    "execution",
    "explanation",
    "number",
    "order",
    "pool",
    "quote",
    "spec",
    "status_of",
    "timestamp",
    "token",
    "type_of",
    "venue",
    "webhook",
]
