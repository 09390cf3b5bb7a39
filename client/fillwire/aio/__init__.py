"""The asynchronous client."""

from fillwire.aio.client import AsyncClient
from fillwire.aio.watch import AsyncWatch

__all__ = ["AsyncClient", "AsyncWatch"]
