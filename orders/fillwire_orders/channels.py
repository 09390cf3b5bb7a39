"""Redis pub/sub, as publisher and feeds see it: a channel for each order and account, and what Redis being away is like."""

from typing import Any, Final

import redis.asyncio
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError

from fillwire_orders.order import AccountId

__all__ = ["AWAY", "Subscription", "client", "name", "of_account"]

AWAY: Final = (RedisError, OSError)
"""What redis raises when it is away."""

_PREFIX: Final = "fillwire:order:"
_ACCOUNT_PREFIX: Final = "fillwire:account:"


def client(redis_url: str) -> "redis.asyncio.Redis":
    """A client that fails soon and repeats nothing: whoever misses a message asks the journal."""
    made: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        redis_url, socket_timeout=2.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 0)
    )
    return made


class Subscription(PubSub):
    """What is heard on one connection; lost with it, and never found again.

    redis-py connects again in whatever coroutine notices first, under the feet of the one that reads: both then read
    the same socket, and asyncio raises RuntimeError. Here the owner makes another subscription.
    """

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        super().__init__(client.connection_pool)
        self._lost = False

    async def connect(self) -> None:
        """Connects, once."""
        if self._lost:
            raise Disconnected("the subscription is lost")
        await super().connect()  # type: ignore[no-untyped-call]

    async def execute_command(self, *args: Any) -> None:
        """Sends a command; that the reader has just found the connection lost is no other error than to find it so."""
        try:
            await super().execute_command(*args)
        except AttributeError as error:  # redis-py: the writer is gone between its check and its use
            raise Disconnected("the subscription is lost") from error

    async def aclose(self) -> None:
        """Gives the connection back; nobody can take another one by way of what was closed."""
        self._lost = True
        await super().aclose()  # type: ignore[no-untyped-call]

    async def _reconnect(self, conn: Any, *_: Any, **__: Any) -> None:
        self._lost = True
        await conn.disconnect(nowait=True)


def name(order_id: str) -> str:
    """The channel of an order; its messages are its events."""
    return _PREFIX + order_id


def of_account(account_id: AccountId) -> str:
    """The channel of an account; its messages are empty and say that there may be new events."""
    return _ACCOUNT_PREFIX + account_id
