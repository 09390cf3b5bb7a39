"""Scripted faults in the database: armed by one process, struck in any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex.simulated.connection import run
from fillwire_dex.simulated.faults.kinds import Fault, FaultKind


@dataclass(frozen=True, slots=True)
class Armed:
    """A fault that may strike; `counted` when only a number of times."""

    id: int
    kind: FaultKind
    venue: str | None
    counted: bool
    slots: int | None
    share: float | None

    def concerns(self, venues: Container[str | None]) -> bool:
        """Whether it may strike something that touches these venues."""
        return self.venue is None or self.venue in venues


def armed(faults: Iterable[Sequence[Any]] | None) -> tuple[Armed, ...]:
    """Return the faults that a statement lists."""
    return tuple(Armed(id_, FaultKind(kind), *rest) for id_, kind, *rest in faults or ())


async def strike(connection: AsyncConnection[Any], fault: Armed) -> bool:
    """Count one occasion of a fault; False when another process used up the last one."""
    if not fault.counted:
        return True
    cursor = await run(connection, "strike_fault", {"id": fault.id})
    return await cursor.fetchone() is not None


async def arm(connection: AsyncConnection[Any], fault: Fault) -> None:
    """Arm a fault for everyone."""
    await run(
        connection,
        "arm_fault",
        {
            "kind": fault.kind.value,
            "venue": fault.venue,
            "times": fault.times,
            "slots": fault.slots,
            "share": fault.share,
            "lasting": fault.lasting_slots,
        },
    )


async def clear(connection: AsyncConnection[Any]) -> None:
    """Disarm every fault."""
    await run(connection, "clear_faults")


@dataclass(slots=True)
class Halts:
    """The scripted halts of venues, as a block feels them."""

    left: list[tuple[int, str, int | None]]
    felt: Counter[int] = field(default_factory=Counter)

    @classmethod
    async def lock(cls, connection: AsyncConnection[Any], faults: Iterable[Armed]) -> Halts:
        """Return the halts among these faults; reads that would count one wait for the end of the block."""
        if not any(fault.kind is FaultKind.HALTED and fault.venue for fault in faults):
            return cls([])
        cursor = await run(connection, "lock_halts")
        return cls(list(await cursor.fetchall()))

    def feel(self, venue: str) -> bool:
        """Whether a venue is halted; if so this is one of its occasions."""
        for id_, halted, times in self.left:
            if halted == venue and (times is None or self.felt[id_] < times):
                self.felt[id_] += times is not None
                return True
        return False

    def venues(self) -> set[str]:
        """Return the venues that are halted still."""
        return {venue for id_, venue, times in self.left if times is None or self.felt[id_] < times}

    async def write(self, connection: AsyncConnection[Any]) -> None:
        """Write down what was felt."""
        felt = {id_: times for id_, times in self.felt.items() if times}
        if felt:
            await run(connection, "feel_halts", {"ids": list(felt), "times": list(felt.values())})
