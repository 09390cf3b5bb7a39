"""The asynchronous client."""

from fillwire.aio.account_watch import AsyncAccountWatch
from fillwire.aio.client import AsyncClient
from fillwire.aio.stream import AsyncStream
from fillwire.aio.watch import AsyncWatch

__all__ = ["AsyncAccountWatch", "AsyncClient", "AsyncStream", "AsyncWatch"]
