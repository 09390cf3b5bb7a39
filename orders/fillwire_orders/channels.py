"""Redis pub/sub, as publisher and feed see it: one channel an order, and what Redis being away looks like."""

from typing import Final

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from fillwire_orders.order import OrderId

__all__ = ["AWAY", "client", "name", "order_of"]

AWAY: Final = (RedisError, OSError)
"""What redis raises when it is away."""

_PREFIX: Final = "fillwire:order:"


def client(redis_url: str) -> "redis.asyncio.Redis":
    """A client that fails soon and repeats nothing: whoever misses a message asks the journal."""
    made: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        redis_url, socket_timeout=2.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 0)
    )
    return made


def name(order_id: str) -> str:
    """The channel of an order."""
    return _PREFIX + order_id


def order_of(channel: bytes) -> OrderId:
    """The order of a channel."""
    return OrderId(channel.decode().removeprefix(_PREFIX))
