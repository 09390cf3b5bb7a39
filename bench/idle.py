"""What the engine costs while nobody wants anything of it: CPU by process, in milliseconds a second.

Once while the simulated market stands still, and once while it moves by itself, as under `fillwire up`.
"""

from __future__ import annotations

import json
import time
from typing import Any, Final

from bench.cpu import Meter
from bench.engine import pids
from fillwire_stack.migrate import set_motion, upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["measure"]

_SETTLE_SECONDS: Final = 3.0
"""What processes do after their start is not what they do for ever."""


def measure(*, seconds: float) -> dict[str, Any]:
    """Prints a table, and the figures as a line of JSON, and gives them; `seconds` is how long each part takes."""
    figures: dict[str, Any] = {"seconds": seconds}
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        system = System(place, kind=Process, database_url=postgres.url, redis_url=valkey.url, triggers=1, couriers=1)
        with system:
            processes = pids(system, postgres, valkey)
            for motion in ("still", "moving"):
                set_motion(postgres.url, motion)
                figures[motion] = _idle(processes, seconds)
    _print(figures)
    return figures


def _idle(processes: dict[str, int], seconds: float) -> dict[str, float]:
    time.sleep(_SETTLE_SECONDS)
    meter = Meter(processes)
    time.sleep(seconds)
    used = {name: round(cpu * 1000 / seconds, 1) for name, cpu in meter.seconds().items()}
    return {**used, "all": round(sum(used.values()), 1)}


def _print(figures: dict[str, Any]) -> None:
    for motion in ("still", "moving"):
        told = "  ".join(f"{name} {used}" for name, used in figures[motion].items())
        print(f"{motion:>6}, CPU ms per second: {told}")
    print(json.dumps(figures), flush=True)
