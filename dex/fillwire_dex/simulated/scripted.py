"""Scripted faults in the database: armed by one process, struck in any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection, AsyncCursor

from fillwire_dex.simulated.connection import Row, run
from fillwire_dex.simulated.faults import Fault, FaultKind


@dataclass(frozen=True, slots=True)
class Armed:
    """A fault that may strike; `remaining` is None for one that stays."""

    id: int
    kind: FaultKind
    venue: str | None
    remaining: int | None

    def concerns(self, venues: Iterable[str]) -> bool:
        """Whether it may strike something that touches these venues."""
        return self.venue is None or self.venue in venues


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was sent; `fetch` waits for what it found."""

    cursor: AsyncCursor[Row]

    async def fetch(self) -> list[Armed]:
        """Return the armed faults, the oldest first."""
        rows = await self.cursor.fetchall()
        return [Armed(id_, FaultKind(kind), venue, left) for id_, kind, venue, left in rows]


async def find(connection: AsyncConnection[Any], kinds: Sequence[FaultKind]) -> Search:
    """Send the question which faults of these kinds are armed."""
    return Search(await run(connection, "find_faults", {"kinds": [kind.value for kind in kinds]}))


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
