"""Page tokens: where a page ended, bound to the filters it was made with.

A token is a position in the caller's own orders and nothing secret: a forged one shows them from elsewhere.
"""

import base64
import hashlib
import struct
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from fillwire_orders import Filter, OrderId, Position

__all__ = ["BadToken", "position", "token"]

_LAYOUT: Final = struct.Struct(">B8sq16s")
"""A version, the filters' digest, microseconds since 1970, the order's id."""

_VERSION: Final = 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BadToken(ValueError):
    """It is no token of ours, or one of a list with other filters."""


def token(last: Position, filters: Filter) -> str:
    """The token for what comes after `last`."""
    micros = (last.created_at - _EPOCH) // timedelta(microseconds=1)
    packed = _LAYOUT.pack(_VERSION, _digest(filters), micros, uuid.UUID(last.id).bytes)
    return base64.urlsafe_b64encode(packed).decode()


def position(text: str, filters: Filter) -> Position:
    """Where the page before ended; raises `BadToken`."""
    try:
        version, digest, micros, order_id = _LAYOUT.unpack(base64.b64decode(text, b"-_", validate=True))
        created_at = _EPOCH + timedelta(microseconds=micros)
    except (ValueError, struct.error, OverflowError):
        raise BadToken("is not a next_page_token of ListOrders") from None
    if version != _VERSION or digest != _digest(filters):
        raise BadToken("belongs to a list with other filters")
    return Position(created_at, OrderId(str(uuid.UUID(bytes=order_id))))


def _digest(filters: Filter) -> bytes:
    return hashlib.blake2b(msgspec.json.encode(filters), digest_size=8).digest()
