"""The cursor: how far an account's events have been read.

Events are read in the order of the numbers of the transactions that stored them (`tx`), and only below the lowest
number of a transaction that is still open: nothing can come to stand before what was read, however late it commits.
"""

import base64
import hashlib
import struct
import uuid
from dataclasses import dataclass, replace
from typing import Final

from fillwire_orders.order import OrderId

__all__ = ["BadCursor", "Cursor", "origin_of"]

_LAYOUT: Final = struct.Struct(">B6sq16sI")
"""A version, the origin, the transaction's number, the order's id, the event's seq."""

_VERSION: Final = 1
_CHECK_BYTES: Final = 4
_NO_ORDER: Final = OrderId(str(uuid.UUID(int=0)))


class BadCursor(ValueError):
    """It is no cursor of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the events of one account: after the event `seq` of an order, which the transaction `tx` stored.

    `origin` is the database and the account it belongs to; in any other it means nothing.
    """

    origin: bytes
    tx: int
    order_id: OrderId = _NO_ORDER
    seq: int = 0

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor of this text; raises `BadCursor`."""
        try:
            packed = base64.b64decode(text, b"-_", validate=True)
            body, check = packed[:-_CHECK_BYTES], packed[-_CHECK_BYTES:]
            version, origin, tx, order_id, seq = _LAYOUT.unpack(body)
        except (ValueError, struct.error):
            raise BadCursor("is not a cursor of this stream") from None
        if version != _VERSION or check != _check(body) or tx < 0:
            raise BadCursor("is not a cursor of this stream")
        return cls(origin, tx, OrderId(str(uuid.UUID(bytes=order_id))), seq)

    @property
    def text(self) -> str:
        """What the client keeps."""
        body = _LAYOUT.pack(_VERSION, self.origin, self.tx, uuid.UUID(self.order_id).bytes, self.seq)
        return base64.urlsafe_b64encode(body + _check(body)).decode()

    def at(self, tx: int, order_id: OrderId, seq: int) -> "Cursor":
        """The place after this event."""
        return replace(self, tx=tx, order_id=order_id, seq=seq)

    def past(self, tx: int) -> "Cursor":
        """The place before all that transactions from this number on store, or this one where it is further."""
        return self if tx <= self.tx else replace(self, tx=tx, order_id=_NO_ORDER, seq=0)


def origin_of(system: int, database: int, account_id: str) -> bytes:
    """Tells an account of a database, of a PostgreSQL installation, from all others."""
    return hashlib.blake2b(f"{system}:{database}:{account_id}".encode(), digest_size=6).digest()


def _check(body: bytes) -> bytes:
    """Guards against a cursor that was cut or mistyped, not against one that was made up: that shows nothing foreign."""
    return hashlib.blake2b(body, digest_size=_CHECK_BYTES).digest()
