"""Many watches on one server process: how long they take to open, what they cost, and what its death does to them.

    open        every watcher has seen the first event of its order
    kill        the server dies (SIGKILL) and is started again; meanwhile every order takes a step
    resumed     every watcher has seen that step
    ended       every order has ended, and every watcher with it: no event missed, none seen twice

Beside them, other orders are submitted all the time, and some watchers never read.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.crowd import Orders, Watchers, submit_on
from bench.engine import directory, started
from fillwire.v1 import order_service_pb2
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.valkey import Valkey
from tests.e2e import http2
from tests.e2e.system import System

__all__ = ["deaf_watcher", "measure", "percentiles", "rss_mb"]

_WATCH: Final = "/fillwire.v1.OrderService/WatchOrder"


def measure(*, watches: int, deaf: int, processes: int = 2) -> dict[str, Any]:
    """Prints the figures as a line of JSON, and gives them."""
    with (
        directory() as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        # No worker: the orders stand still until the measurement moves them.
        system = System(place, database_url=postgres.url, redis_url=valkey.url, workers=0, sweeper=False)
        with system:
            figures = asyncio.run(_measure(system, watches, deaf, processes))
    print(json.dumps(figures), flush=True)
    return figures


async def _measure(system: System, watches: int, deaf: int, processes: int) -> dict[str, Any]:
    figures: dict[str, Any] = {"watches": watches, "rss_mb_before": rss_mb(system)}
    figures["submit_ms_alone"] = percentiles(await submit_on(system.target, asyncio.create_task(asyncio.sleep(3))))
    async with Orders(system.database_url, watches) as orders, Watchers(system.target, orders.ids, processes) as crowd:
        opening = asyncio.create_task(crowd.all_say("seen_1"))
        figures["submit_ms_opening"] = percentiles(await submit_on(system.target, opening))
        figures["open_s"] = round(opening.result() - crowd.began, 2)
        figures["rss_mb_open"] = rss_mb(system)
        figures["submit_ms_open"] = percentiles(await submit_on(system.target, asyncio.create_task(asyncio.sleep(5))))
        figures |= await _deaf(system, orders.ids[:deaf])
        killed = time.time()
        system.kill(system.server)
        system.server.start()
        await orders.step()
        figures["resumed_s"] = round(await crowd.all_say("seen_2") - killed, 2)
        ending = time.time()
        await orders.end()
        figures["ended_s"] = round(await crowd.all_say("ended") - ending, 2)
        figures["missed_or_doubled"] = crowd.astray
    return figures


async def _deaf(system: System, order_ids: Sequence[str], seconds: float = 60.0) -> dict[str, Any]:
    """What watchers cost that let nothing be sent to them, a heartbeat a second included."""
    before = rss_mb(system)
    lines = [await deaf_watcher(system.target, order_id) for order_id in order_ids]
    submits = await submit_on(system.target, asyncio.create_task(asyncio.sleep(seconds if order_ids else 0)))
    grown = rss_mb(system) - before
    for line in lines:
        line.close()
    return {"deaf": len(lines), "rss_mb_grown_by_deaf": round(grown, 1), "submit_ms_with_deaf": percentiles(submits)}


async def deaf_watcher(target: str, order_id: str) -> http2.Line:
    """A watcher with a window of nothing: the server may send it headers, and no frame ever."""
    request = order_service_pb2.WatchOrderRequest(order_id=order_id, after_seq=0)
    request.heartbeat_interval.FromSeconds(1)
    line = await http2.open_line(target)
    line.send(http2.PREFACE + http2.window(0) + http2.call(1, _WATCH, request.SerializeToString()))
    return line


def rss_mb(system: System) -> float:
    """The server's memory."""
    pid = system.server.child.pid if system.server.child else "self"
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 99th."""
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered), 1), "p99": round(ordered[int(len(ordered) * 0.99)], 1)}
