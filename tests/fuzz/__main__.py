"""The long run: so many generated requests and as many damaged ones, and what became of the server.

Prints one JSON line for each kind. Ends with 1 where there was a fault of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg

from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.driver import Driver
from tests.e2e.system import System
from tests.fuzz.campaign import Attack, run
from tests.servers import directory, started


def main() -> int:
    """Runs both kinds at one server process, on stores of its own."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with (
        directory() as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        return _attacked(place, postgres.url, valkey.url, given.requests, given.seed)


def _attacked(place: Path, database_url: str, redis_url: str, requests: int, seed: int) -> int:
    system = System(place, kind=Process, database_url=database_url, redis_url=redis_url, workers=0, sweeper=False)
    with system:
        lines = [asyncio.run(_attack(system, requests, seed, raw=raw)) for raw in (False, True)]
        alive = system.server.child is not None and system.server.child.exit_code is None
    tracebacks = (place / "server.log").read_text().count("Traceback")
    for line in lines:
        print(json.dumps({**line, "alive": alive, "tracebacks": tracebacks}))
    return int(not alive or tracebacks > 0 or any(line["faults"] or line["rows_refused"] for line in lines))


async def _attack(system: System, requests: int, seed: int, *, raw: bool) -> dict[str, Any]:
    async with Driver(system.target) as driver:
        known = [(await driver.submit()).order.order_id for _ in range(3)]
    before, rss = _rows(system.database_url), _rss_mb(system)
    began = time.perf_counter()
    outcome = await run(system.target, Attack(requests, seed, raw, known))
    seconds = time.perf_counter() - began
    codes = Counter[str]()
    for key, number in outcome.codes.items():
        codes[key.split()[1]] += number
    return {
        "kind": "damaged" if raw else "generated",
        "seed": seed,
        "requests": sum(codes.values()),
        "per_second": round(requests / seconds),
        "codes": dict(codes),
        "faults": outcome.faults[:20],
        "rows_refused": len(_rows(system.database_url) - before - outcome.stored),
        "rss_mb": [rss, _rss_mb(system)],
    }


def _rows(database_url: str) -> set[str]:
    with psycopg.connect(database_url) as connection:
        return {order for (order,) in connection.execute("SELECT id::text FROM fillwire.orders").fetchall()}


def _rss_mb(system: System) -> float:
    assert system.server.child is not None
    status = Path(f"/proc/{system.server.child.pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
