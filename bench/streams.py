"""Many watches on one server process: how long they take to open, what they cost, and what its death does to them.

    open        every watcher has seen the first event of its order
    deaf        in turns, equally long, there are watchers that never read, and there are none
    kill        the server dies (SIGKILL) and is started again; meanwhile every order takes a step
    resumed     every watcher has seen that step
    ended       every order has ended, and every watcher with it: no event missed, none seen twice

Beside them, other orders are submitted all the time.
"""

from __future__ import annotations

import asyncio
import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bench.crowd import Orders, Watchers, submit_on
from bench.neighbours import Felt, Neighbour
from fillwire.v1 import order_service_pb2
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e import http2
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["arrivals", "deaf_watcher", "measure", "percentiles", "rss_mb", "spread", "with_deaf"]

_WATCHES_EACH: Final = 800
"""Of one process of watchers: it has one connection, and the server takes a thousand calls at a time on each."""

_WATCH: Final = "/fillwire.v1.OrderService/WatchOrder"


def measure(*, watches: int, deaf: int) -> dict[str, Any]:
    """Prints the figures as a line of JSON, and gives them."""
    processes = max(2, math.ceil(watches / _WATCHES_EACH))
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        # No worker: the orders stand still until the measurement moves them.
        system = System(place, kind=Process, database_url=postgres.url, redis_url=valkey.url, workers=0, sweeper=False)
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
        figures |= await with_deaf(system, orders.ids[:deaf])
        killed = time.time()
        system.kill(system.server)
        system.server.start()
        await orders.step()
        figures["resumed_s"] = round(await crowd.all_say("seen_2") - killed, 2)
        ending = time.time()
        await orders.end()
        figures["ended_s"] = round(await crowd.all_say("ended") - ending, 2)
        figures["reconnected_s"] = spread([at - killed for at in await arrivals(system, watches, since=killed)])
        figures["missed_or_doubled"] = crowd.astray
    return figures


async def with_deaf(
    system: System, order_ids: Sequence[str], *, turns: int = 3, seconds: float = 20.0
) -> dict[str, Any]:
    """What watchers cost that let nothing be sent to them, a heartbeat a second included; in memory, and to others.

    The others live through `turns` without them and as many with them, of `seconds` each.
    """
    without, beside, grown = Felt(), Felt(), [0.0]
    async with Neighbour(system.target, database_url=system.database_url, redis_url=system.redis_url) as neighbour:
        for _ in range(turns if order_ids else 0):
            await neighbour.live(seconds, without)
            before = rss_mb(system)
            lines = [await deaf_watcher(system.target, order_id) for order_id in order_ids]
            await neighbour.live(seconds, beside)
            grown.append(rss_mb(system) - before)
            for line in lines:
                line.close()
    others = {"others_alone_ms": without.told(), "others_beside_deaf_ms": beside.told()} if order_ids else {}
    return {"deaf": len(order_ids), "rss_mb_grown_by_deaf": round(max(grown), 1), **others}


async def deaf_watcher(target: str, order_id: str) -> http2.Line:
    """A watcher with a window of nothing: the server may send it headers, and no frame ever."""
    request = order_service_pb2.WatchOrderRequest(order_id=order_id, after_seq=0)
    request.heartbeat_interval.FromSeconds(1)
    line = await http2.open_line(target)
    line.send(http2.PREFACE + http2.window(0) + http2.call(1, _WATCH, request.SerializeToString()))
    return line


async def arrivals(system: System, number: int, *, since: float) -> Sequence[float]:
    """When as many watches came in as have ended since then, by the server's log, on the clock of the wall."""
    async with asyncio.timeout(30):
        while True:
            found = [at for at in _arrivals(system) if at > since]
            if len(found) >= number:
                return sorted(found)
            await asyncio.sleep(0.1)  # a call is logged a little after its client has had the last of it


def _arrivals(system: System) -> Sequence[float]:
    lines = (system.directory / "server.log").read_text().splitlines()
    calls = [json.loads(line) for line in lines if f'"{_WATCH[1:]}"' in line and '"event":"rpc"' in line]
    return [datetime.fromisoformat(call["timestamp"]).timestamp() - call["ms"] / 1000 for call in calls]


def spread(times: Sequence[float]) -> dict[str, float]:
    """When a twentieth, half and all but a twentieth of them were in, and the most in a hundredth of a second."""
    most = max(Counter(int(at * 100) for at in times).values())
    marks = {f"p{share}": round(times[len(times) * share // 100], 2) for share in (5, 50, 95)}
    return {**marks, "most_in_10_ms": most, "of": len(times)}


def rss_mb(system: System) -> float:
    """The server's memory."""
    pid = system.server.child.pid if system.server.child else "self"
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 99th."""
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered), 1), "p99": round(ordered[int(len(ordered) * 0.99)], 1)}
