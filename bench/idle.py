"""What the engine costs while nobody wants anything of it: CPU by process, in milliseconds a second.

Once while the simulated market stands still, and once while it moves by itself, as under `fillwire up`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from bench.cpu import Meter
from bench.engine import pids
from fillwire_stack.children import stop_together
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
        system = System(place, kind=Process, database_url=postgres.url, redis_url=valkey.url, triggers=1)
        with system, _courier(system) as courier:
            processes = {**pids(system, postgres, valkey), "courier": courier}
            for motion in ("still", "moving"):
                set_motion(postgres.url, motion)
                figures[motion] = _idle(processes, seconds)
    _print(figures)
    return figures


@contextmanager
def _courier(system: System) -> Iterator[int]:
    """Runs one for as long as the block does, and gives its pid."""
    courier = system.process("courier", "fillwire_server.courier")
    courier.start()
    try:
        while not system.said(courier, "courier_ready"):
            if courier.child is None or courier.child.exit_code is not None:
                raise RuntimeError(system.logs())
            time.sleep(0.01)
        yield courier.child.pid if courier.child else 0
    finally:
        stop_together([courier], seconds=5)


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
