"""What every route of the bridge is given."""

import asyncio
from dataclasses import dataclass, field

from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.upstream import Upstream

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The bridge's settings, its way to the engine, and whether it is about to end."""

    settings: BridgeSettings
    upstream: Upstream
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when no new stream may begin, and those under way are to end: they resume elsewhere."""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the answers that were still to come have had their time."""
