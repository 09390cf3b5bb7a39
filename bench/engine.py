"""Orders through the whole engine: real processes on embedded stores, venues that take no time.

One run for each number of clients; the figures are those of this machine, with the clients on it.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from redis import Redis

from bench.cpu import Meter
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.store import Store
from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["directory", "measure", "pids", "started"]


def measure(*, orders: int, clients: Sequence[int], workers: int, concurrency: int, watch: bool) -> None:
    """Prints a table and, for each run, a line of JSON."""
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        with System(
            place,
            kind=Process,
            database_url=postgres.url,
            redis_url=valkey.url,
            workers=workers,
            FILLWIRE_WORKER_CONCURRENCY=str(concurrency),
        ) as system:
            _load(system, 200, 16, watch=True)
            for number in clients:
                _print(_run(system, postgres, valkey, orders if number > 1 else orders // 5, number, watch=watch))


def _run(system: System, postgres: Store, valkey: Store, orders: int, clients: int, *, watch: bool) -> dict[str, Any]:
    meter = Meter(pids(system, postgres, valkey))
    before = _counters(postgres, valkey)
    figures = _load(system, orders, clients, watch=watch)
    cpu = {name: round(seconds * 1000 / orders, 3) for name, seconds in meter.seconds().items()}
    after = _counters(postgres, valkey)
    per_order = {name: round((after[name] - before[name]) / orders, 2) for name in after}
    return {**figures, "cpu_ms_per_order": {**cpu, "all": round(sum(cpu.values()), 3)}, "per_order": per_order}


def _load(system: System, orders: int, clients: int, *, watch: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.load", system.target, str(orders), str(clients), "watch" if watch else "-"]
    answer = subprocess.run(command, check=True, capture_output=True, timeout=600)
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def pids(system: System, postgres: Store, valkey: Store) -> dict[str, int]:
    """The processes that CPU is counted of, by name."""
    named: dict[str, Any] = {"server": system.server, "postgres": postgres, "redis": valkey, "sweeper": system.sweeper}
    named |= {f"worker-{number + 1}": worker for number, worker in enumerate(system.workers)}
    named |= {f"triggers-{number + 1}": triggers for number, triggers in enumerate(system.triggers)}
    named |= {f"courier-{number + 1}": courier for number, courier in enumerate(system.couriers)}
    return {name: service.child.pid for name, service in named.items()}


def _counters(postgres: Store, valkey: Store) -> dict[str, float]:
    time.sleep(1.2)  # PostgreSQL's backends report their counts once a second
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT sum(xact_commit), (SELECT wal_bytes FROM pg_stat_wal) FROM pg_stat_database"
        ).fetchone()
    commits, wal = row or (0, 0)
    with Redis.from_url(valkey.url) as client:
        commands = client.info("stats")["total_commands_processed"]
    return {"transactions": float(commits), "wal_kib": float(wal) / 1024, "redis_commands": float(commands)}


def _print(figures: dict[str, Any]) -> None:
    cpu, counted = figures["cpu_ms_per_order"], figures["per_order"]
    print(
        f"{figures['clients']:>4} at a time: {figures['orders_per_second']:>7} orders/s  "
        f"submit p50/p99 {figures['submit_ms']['p50']}/{figures['submit_ms']['p99']} ms  "
        f"delivery {figures['delivery_ms']['p50']}/{figures['delivery_ms']['p99']} ms  "
        f"confirmed {figures['submit_to_confirmed_ms']['p50']}/{figures['submit_to_confirmed_ms']['p99']} ms"
    )
    print(f"      CPU ms per order: {'  '.join(f'{name} {used}' for name, used in cpu.items())}")
    print(f"      per order: {'  '.join(f'{name} {number}' for name, number in counted.items())}")
    print(json.dumps(figures), flush=True)
