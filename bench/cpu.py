"""CPU time of processes, as the kernel counts it."""

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Meter"]

_TICK = os.sysconf("SC_CLK_TCK")


class Meter:
    """CPU seconds that named processes and all their children have used since the meter was made."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self._began = self._read()

    def seconds(self) -> dict[str, float]:
        """By name."""
        return {name: used - self._began[name] for name, used in self._read().items()}

    def _read(self) -> dict[str, float]:
        return {name: _tree(pid) / _TICK for name, pid in self._processes.items()}


def _tree(pid: int) -> int:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return _ticks(pid) + sum(_tree(int(child)) for child in children)
    except FileNotFoundError:  # it has just ended; its parent has its time when it buries it
        return 0


def _ticks(pid: int) -> int:
    """Its own, and that of the children it has already buried."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15])
