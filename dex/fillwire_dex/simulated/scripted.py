"""Scripted faults in the database: armed by one process, struck in any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex.simulated.connection import run
from fillwire_dex.simulated.faults import Fault, FaultKind


@dataclass(frozen=True, slots=True)
class Armed:
    """A fault that may strike."""

    id: int
    kind: FaultKind
    venue: str | None

    def concerns(self, venues: Iterable[str]) -> bool:
        """Whether it may strike something that touches these venues."""
        return self.venue is None or self.venue in venues


async def find(connection: AsyncConnection[Any], kinds: Sequence[FaultKind]) -> list[Armed]:
    """Return the armed faults of these kinds, the oldest first."""
    cursor = await run(connection, "find_faults", {"kinds": [kind.value for kind in kinds]})
    return [armed(row) for row in await cursor.fetchall()]


def armed(row: Sequence[Any]) -> Armed:
    """Return the fault of a row (id, kind, venue)."""
    id_, kind, venue = row
    return Armed(id_, FaultKind(kind), venue)


async def strike(connection: AsyncConnection[Any], fault: Armed) -> bool:
    """Count one occasion of a fault; False when another process used up the last one."""
    cursor = await run(connection, "strike_fault", {"id": fault.id})
    return await cursor.fetchone() is not None


async def arm(connection: AsyncConnection[Any], fault: Fault) -> None:
    """Arm a fault for everyone."""
    await run(
        connection,
        "arm_fault",
        {"kind": fault.kind.value, "venue": fault.venue, "times": fault.times},
    )


async def clear(connection: AsyncConnection[Any]) -> None:
    """Disarm every fault."""
    await run(connection, "clear_faults")
