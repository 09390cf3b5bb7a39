"""Times and numbers of the contract: absent fields become `None`, times are aware UTC."""

from datetime import UTC, datetime
from decimal import Decimal

from google.protobuf import duration_pb2, timestamp_pb2
from google.protobuf.message import Message

from fillwire.amount import Amount, Quantity, exact
from fillwire.tokens import Tokens

__all__ = ["amount", "duration", "number", "price", "time", "timestamp"]


def time(message: Message, field: str) -> datetime | None:
    """The time in that field. `None`: absent."""
    if not message.HasField(field):
        return None
    moment: timestamp_pb2.Timestamp = getattr(message, field)
    return moment.ToDatetime(UTC)


def timestamp(moment: datetime) -> timestamp_pb2.Timestamp:
    """The other way. Raises `ValueError` for a naive datetime: nobody can say which moment it is."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; use datetime.now(UTC)")
    result = timestamp_pb2.Timestamp()
    result.FromDatetime(moment)
    return result


def duration(seconds: float) -> duration_pb2.Duration:
    """A span of time."""
    result = duration_pb2.Duration()
    result.FromMilliseconds(round(seconds * 1000))
    return result


def number(text: str) -> Decimal | None:
    """A price. `None`: empty."""
    return Decimal(text) if text else None


def amount(tokens: Tokens, symbol: str, text: str) -> Amount | None:
    """An amount. `None`: empty."""
    return tokens.amount(symbol, int(text)) if text else None


def price(quantity: Quantity) -> str:
    """A price for the wire. Raises what `exact` does."""
    return f"{exact(quantity):f}"
