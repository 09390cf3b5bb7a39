"""Half of what the engine can do, for a long time: whether memory, files or connections grow.

The stack is real and nothing is broken. Slopes are of the part after the warm-up, the first fifth.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["Look", "measure"]

_LOOK_SECONDS: Final = 5.0
_WARM_UP: Final = 0.2
_ORDERS: Final = 1500
"""From which the full load is learnt, sixteen at a time."""


@dataclass(frozen=True, slots=True)
class Look:
    """One process at one moment."""

    at: float
    """Minutes."""
    rss_mb: float
    fds: int
    postgres: int
    """Connections to PostgreSQL."""


def measure(*, minutes: float, rate: float | None, workers: int = 2) -> dict[str, Any]:
    """Prints the figures as a line of JSON, and gives them. `rate` is in orders a second; `None`: half of the most."""
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        with System(place, kind=Process, database_url=postgres.url, redis_url=valkey.url, workers=workers) as system:
            rate = rate or _most(system) / 2
            looks, load = _watched(_pids(system), postgres.port, system.target, rate, minutes)
    figures = {"minutes": minutes, "orders_per_second": round(rate, 1), **load, "processes": _told(looks)}
    print(json.dumps(figures), flush=True)
    return figures


def _most(system: System) -> float:
    """Orders a second with sixteen clients that never pause."""
    figures: dict[str, Any] = {}
    for orders in (300, _ORDERS):  # the first ones only warm it up
        command = [sys.executable, "-m", "bench.load", system.target, str(orders), "16", "watch"]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=600).stdout)
    return float(figures["orders_per_second"])


def _watched(
    pids: Mapping[str, int], postgres_port: int, target: str, rate: float, minutes: float
) -> tuple[Mapping[str, Sequence[Look]], dict[str, Any]]:
    """Looks at the processes for as long as the load lasts."""
    looks = defaultdict[str, list[Look]](list)
    command = [sys.executable, "-m", "bench.steady", target, str(rate), str(minutes * 60)]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as load:
        while load.poll() is None:
            for name, pid in pids.items():
                looks[name].append(_look(pid, postgres_port, (time.monotonic() - began) / 60))
            time.sleep(_LOOK_SECONDS)
        answer = load.communicate()[0]
    told: dict[str, Any] = json.loads(answer)
    return looks, told


def _pids(system: System) -> dict[str, int]:
    named = {"server": system.server, "sweeper": system.sweeper}
    named |= {f"worker-{number + 1}": worker for number, worker in enumerate(system.workers)}
    return {name: process.child.pid for name, process in named.items() if process and process.child}


def _look(pid: int, postgres_port: int, at: float) -> Look:
    place = Path(f"/proc/{pid}")
    rss_kb = int((place / "status").read_text().split("VmRSS:")[1].split()[0])
    files = _open_files(place)
    lines = [line.split() for line in (place / "net/tcp").read_text().splitlines()[1:]]
    to_postgres = {f"socket:[{line[9]}]" for line in lines if line[2].endswith(f":{postgres_port:04X}")}
    return Look(at, rss_kb / 1024, len(files), len(to_postgres.intersection(files)))


def _open_files(place: Path) -> Sequence[str]:
    files = []
    for file in (place / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            files.append(str(file.readlink()))
    return files


def _told(looks: Mapping[str, Sequence[Look]]) -> dict[str, Any]:
    return {name: _summary(seen[round(len(seen) * _WARM_UP) :]) for name, seen in looks.items()}


def _summary(looks: Sequence[Look]) -> dict[str, Any]:
    """From the first look to the last; slopes by least squares, files and connections from the fewest to the most."""
    slope, _ = statistics.linear_regression([look.at for look in looks], [look.rss_mb for look in looks])
    return {
        "rss_mb": [round(looks[0].rss_mb, 1), round(looks[-1].rss_mb, 1)],
        "rss_mb_per_minute": round(slope, 3),
        "fds": [min(look.fds for look in looks), max(look.fds for look in looks)],
        "postgres_connections": [min(look.postgres for look in looks), max(look.postgres for look in looks)],
    }
