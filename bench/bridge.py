"""The bridge beside the server it stands before, in one run: how late events come by it, and what they cost.

delivery    orders fall due one after the other, each watched on a socket of its own, some of them straight by gRPC and
            in a page of a real browser too; from the time that an event says to its client
memory      of the bridge, for each of these sockets while it is idle, and for the watch on it
relay       all events so far, as the stream of the account from its first event, to a few readers, in every way there is
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from typing import Any, Final

import psycopg

from bench.cpu import Meter
from bench.delivery import delivered
from bench.relays import WAYS
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["measure"]

_READERS: Final = 4


def measure(*, sockets: int, rate: float) -> dict[str, Any]:
    """Prints a table, and the figures as a line of JSON, and gives them; `rate` is how many orders fall due a second."""
    _allow_files(3 * sockets + 1000)
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        system = System(
            place,
            kind=Process,
            database_url=postgres.url,
            redis_url=valkey.url,
            triggers=1,
            bridge=True,
            FILLWIRE_BRIDGE_MAX_SOCKETS=str(sockets + 100),
        )
        with system:
            figures = {"sockets": sockets, "orders_per_second": rate, **asyncio.run(_measure(system, sockets, rate))}
    _print(figures)
    return figures


async def _measure(system: System, sockets: int, rate: float) -> dict[str, Any]:
    delivery = await delivered(system.target, system.bridge_url, sockets=sockets, rate=rate, pids=_pids(system))
    messages = 1 + _events(system.database_url)  # the stream begins with a heartbeat
    return {**delivery, "relay": {name: await _relay(system, name, messages) for name in WAYS}}


async def _relay(system: System, name: str, messages: int) -> dict[str, float]:
    address = system.target if name == "gRPC" else system.bridge_url
    meter = Meter(_pids(system))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.relays", name, address, str(_READERS), str(messages)),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        told, _ = await process.communicate()
    read, events, cpu = json.loads(told), messages * _READERS, meter.seconds()
    return {
        "events": events,
        "events_per_second": round(events / read["seconds"]),
        "bytes_per_event": round(read["bytes"] / events),
        **{f"{name}_cpu_s": round(seconds, 2) for name, seconds in cpu.items()},
    }


def _events(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM fillwire.order_events").fetchone()
    return int(row[0]) if row else 0


def _pids(system: System) -> dict[str, int]:
    named: dict[str, Any] = {"server": system.server, "bridge": system.bridge}
    return {name: process.child.pid for name, process in named.items()}


def _allow_files(number: int) -> None:
    """Lets this process and its children have so many files open, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(number, hard)), hard))


def _print(figures: dict[str, Any]) -> None:
    delivery, relay = figures["delivery"], figures["relay"]
    print(f"{figures['sockets']} sockets, an order each, {figures['orders_per_second']:g} orders due a second")
    for name, told in delivery.items():
        late, base = told["late_ms"], delivery["gRPC"]["late_ms"]
        ratios = "  ".join(f"{share} {late[share]:6.1f} ms ({late[share] / base[share]:4.1f}x)" for share in late)
        print(f"{name:>18}  {ratios}  of {told['events']} events")
    print(
        f"the bridge: {figures['idle_socket_kib']} KiB an idle socket, {figures['watch_kib']} KiB more a watch on it, "
        f"{figures['cpu_ms_per_event']['bridge']} ms of CPU an event; "
        f"the server: {figures['cpu_ms_per_event']['server']} ms"
    )
    for name, told in relay.items():
        share = told["events_per_second"] / relay["gRPC"]["events_per_second"]
        spent = "" if name == "gRPC" else f"  {told['events'] / told['bridge_cpu_s']:6.0f} a CPU second of the bridge"
        print(
            f"{name:>18}  {told['events_per_second']:6} events/s ({share:.2f}x), {told['bytes_per_event']} bytes each{spent}"
        )
    print(json.dumps(figures), flush=True)
