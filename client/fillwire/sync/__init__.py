"""The synchronous client."""

from fillwire.sync.account_watch import AccountWatch
from fillwire.sync.client import Client
from fillwire.sync.stream import Stream
from fillwire.sync.watch import Watch

__all__ = ["AccountWatch", "Client", "Stream", "Watch"]
