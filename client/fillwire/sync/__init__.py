"""The synchronous client."""

from fillwire.sync.client import Client
from fillwire.sync.watch import Watch

__all__ = ["Client", "Watch"]
