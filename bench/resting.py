"""Orders that rest: what they cost the process that watches for them, and how soon it fires them.

memory      what the process has grown by, with so many orders
restart     from its start until it holds them all
idle        the part of a core it takes while prices stand, and while a market moves by itself
fire        from the commit of the block that moved the price to `fired_at`, of a stop and of a limit in turn
burst       the same of many stops at one price, until the last of them
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from bench.cpu import Meter
from bench.shelf import fill, type_of
from bench.streams import percentiles
from fillwire_dex import PriceBoard, router, tokens
from fillwire_dex.simulated import ZERO, MarketMotion, SimulatedMarket, open_market
from fillwire_orders import DEFAULT_ACCOUNT, Journal, Pool, RequestId, Terms, TimeInForce, open_pool
from fillwire_orders.conditions import Condition, Limit, Stop
from fillwire_stack.children import stop_together
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["measure"]

_SOLD: Final = "SOL"
_BOUGHT: Final = "USDC"
_IDLE_SECONDS: Final = 10.0
_SWAPS: Final = {"down": ("SOL", "USDC", 5_000 * 10**9), "up": ("USDC", "SOL", 800_000 * 10**6)}


def measure(*, orders: int, rounds: int, burst: int) -> dict[str, Any]:
    """Prints a table, and the figures as a line of JSON, and gives them."""
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        # No worker: what has fired stays where it is.
        system = System(place, kind=Process, database_url=postgres.url, redis_url=valkey.url, workers=0, sweeper=False)
        figures = asyncio.run(_measure(system, orders, rounds, burst))
    _print(figures)
    return figures


async def _measure(system: System, orders: int, rounds: int, burst: int) -> dict[str, Any]:
    async with _market(system.database_url) as market:
        with _running(system, "empty") as pid:
            empty = _rss_mb(pid)
        began = time.perf_counter()
        await fill(system.database_url, market.board.prices, orders)
        figures: dict[str, Any] = {"orders": orders, "fill_s": round(time.perf_counter() - began, 1)}
        began = time.perf_counter()
        with _running(system, "full") as pid:
            figures["restart_s"] = round(time.perf_counter() - began, 2)
            figures["rss_mb_empty"], figures["rss_mb_full"] = empty, _rss_mb(pid)
            figures["mb_per_100_000"] = round((figures["rss_mb_full"] - empty) / orders * 100_000, 1)
            figures["core_percent_idle"] = await _idle(pid)
            figures["fire_ms"] = percentiles([await market.round(number) for number in range(rounds)])
            figures["burst"], figures["burst_ms"] = burst, round(await market.burst(burst), 1)
            await market.chain.set_motion(MarketMotion.MOVING)
            figures["core_percent_moving"] = await _idle(pid)
    return figures


@dataclass(frozen=True, slots=True)
class _Market:
    """The market and its orders, as whoever measures moves them."""

    pool: Pool
    journal: Journal
    chain: SimulatedMarket
    board: PriceBoard

    async def round(self, number: int) -> float:
        """Milliseconds from a price to the one order that waited for it."""
        way = ("down", "up")[number % 2]
        order_id = await self._submit(self._condition(way))
        await asyncio.sleep(0.3)  # until the process has heard of it
        return await self._fired([order_id], await self._move(way))

    async def burst(self, number: int) -> float:
        """Milliseconds from a price to the last of all that waited for it."""
        condition = self._condition("down")
        order_ids = await asyncio.gather(*(self._submit(condition) for _ in range(number)))
        await asyncio.sleep(1.0)
        return await self._fired(order_ids, await self._move("down"))

    def _condition(self, way: str) -> Condition:
        mid = self.board.prices[_SOLD, _BOUGHT]
        if way == "down":
            return Stop(mid * Decimal("0.9996"))
        price = mid * Decimal("1.0001")
        return Limit(price, int(price * 10**3))

    async def _submit(self, condition: Condition) -> str:
        terms = Terms(
            token_in=_SOLD,
            token_out=_BOUGHT,
            amount_in=10**6,
            slippage_bps=50,
            type=type_of(condition),
            condition=condition,
            time_in_force=TimeInForce.GTC,
        )
        return (await self.journal.submit(DEFAULT_ACCOUNT, RequestId(str(uuid.uuid4())), terms)).order.id

    async def _move(self, way: str) -> float:
        """Moves the price by a tenth of a percent or more; when it was committed, to a millisecond or two."""
        sell, buy, amount = _SWAPS[way]
        snapshot = await self.chain.pools(tokens.find(sell), tokens.find(buy))
        route = router.best(snapshot, amount_in=amount)
        swap = self.chain.build(route, min_amount_out=1, reference=f"bench:{uuid.uuid4()}", slot=snapshot.slot)
        await self.chain.send([swap])
        return time.time()

    async def _fired(self, order_ids: list[str], since: float) -> float:
        async with asyncio.timeout(60):
            while True:
                async with self.pool.connection() as connection:
                    cursor = await connection.execute(
                        "SELECT count(fired_at), extract(epoch FROM max(fired_at))::float8"
                        " FROM fillwire.orders WHERE id = ANY (%s::uuid[])",
                        [order_ids],
                    )
                    [(count, last)] = await cursor.fetchall()
                if count == len(order_ids):
                    return float(last - since) * 1000
                await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def _market(database_url: str) -> AsyncIterator[_Market]:
    pool = await open_pool(database_url, max_size=4)
    try:
        chain = await open_market(pool, profile=ZERO)
        async with PriceBoard(chain) as board:
            yield _Market(pool, Journal(pool), chain, board)
    finally:
        await pool.close()


@contextlib.contextmanager
def _running(system: System, name: str) -> Iterator[int]:
    """The pid of a trigger process that holds all its orders."""
    process = system.process(name, "fillwire_workers.triggers")
    process.start()
    try:
        while not system.said(process, "triggers_ready"):
            if process.child is None or process.child.exit_code is not None:
                raise RuntimeError(system.logs())
            time.sleep(0.01)
        yield process.child.pid if process.child else 0
    finally:
        stop_together([process], seconds=5)


async def _idle(pid: int) -> float:
    """The part of a core it takes, in percent."""
    meter = Meter({"triggers": pid})
    await asyncio.sleep(_IDLE_SECONDS)
    return round(meter.seconds()["triggers"] / _IDLE_SECONDS * 100, 1)


def _rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def _print(figures: dict[str, Any]) -> None:
    for name, figure in figures.items():
        print(f"{name:>22}  {figure}")
    print(json.dumps(figures), flush=True)
