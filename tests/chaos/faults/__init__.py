"""What can go wrong, by kind: each fault holds for as long as its block runs, and heals when it ends."""

from collections.abc import Mapping
from typing import Final

from tests.chaos.faults import links, markets, processes, stores
from tests.chaos.faults.kind import Kind

__all__ = ["KINDS", "Kind"]

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind for kind in (*processes.KINDS, *links.KINDS, *stores.KINDS, *markets.KINDS)
}
