"""The stack: the engine's processes, two of each but the sweeper, their stores, and a bridge; each link is a proxy.

    clients>server-1   server-1>postgres   server-1>valkey   and so on, for each process
    clients>bridge     bridge>server-1

The stores are children of this process. What dies without having been told to is started again, as a supervisor would.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import grpc
import httpx
import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc

from fillwire_dex import PriceBoard
from fillwire_dex.simulated import SimulatedMarket, open_market
from fillwire_orders import DEFAULT_ACCOUNT, AccountId, Keys, Scope, open_pool
from fillwire_stack.children import stop_together
from fillwire_stack.migrate import set_motion, upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.remembered import port
from fillwire_stack.services import Process
from fillwire_stack.store import Store
from fillwire_stack.valkey import Valkey
from tests.chaos.layout import BRIDGE, PEPPER, PROCESSES, SERVERS, at_port, bridge_environment, command, environment
from tests.chaos.planted import PLANTS
from tests.chaos.proxy import Proxy

__all__ = ["Stack"]

START_SECONDS: Final = 60.0
VALID_SLOTS: Final = 20
"""How long a transaction can land, in slots of 0.4 s: one that was dropped is proven dead within the time of a run."""

_TEND_SECONDS: Final = 0.2
_PACE_SECONDS: Final = 1.0

T = TypeVar("T")


class Stack:
    """Used as an async context manager; when the block begins the engine takes orders, when it ends nothing is left.

    `plant` names a fault of the product (`planted`) that its processes are started with.
    """

    market: SimulatedMarket
    board: PriceBoard
    """What things cost, seen past every proxy."""
    token: str
    """Of the account that trades."""
    stranger: str
    """Of an account that has no orders."""

    def __init__(self, directory: Path, *, plant: str | None = None, latency: str = "default") -> None:
        self.directory = directory
        self.postgres: Store = Postgres(directory / "postgres", log=directory / "postgres.log")
        self.valkey: Store = Valkey(directory / "valkey", log=directory / "valkey.log")
        self.links: dict[str, Proxy] = {}
        self.processes: dict[str, Process] = {}
        self._plant = plant
        self._latency = latency
        self._held: set[str] = set()
        # Whoever starts a child must outlive it: the kernel ends it with the thread.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="starter")
        self._exits = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exits.aclose()

    @property
    def targets(self) -> list[str]:
        """Where clients find the servers."""
        return [f"127.0.0.1:{self.links[f'clients>{name}'].port}" for name in SERVERS]

    @property
    def bridge_url(self) -> str:
        """Where pages find the bridge."""
        return f"http://127.0.0.1:{self.links[f'clients>{BRIDGE}'].port}"

    async def run(self, work: Callable[[], T]) -> T:
        """Does what blocks, or starts a child, off the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._starter, work)

    async def hold_down(self, name: str) -> None:
        """Kills a process with SIGKILL, and does not let it be started again until `release`."""
        self._held.add(name)
        await self.run(lambda: self._kill(name))

    def release(self, name: str) -> None:
        """Lets it be started again."""
        self._held.discard(name)

    def send(self, name: str, number: signal.Signals) -> None:
        """Sends a signal to a process."""
        if child := self.processes[name].child:
            child.send(number)

    async def wait_serving(self, seconds: float = START_SECONDS) -> None:
        """Until both servers take orders, the bridge reaches its own, and everything runs."""
        deadline = time.monotonic() + seconds
        waited_for: dict[str, Callable[[str], Awaitable[bool]]] = dict.fromkeys(self.targets, _serving)
        waited_for[self.bridge_url] = _bridging
        for target, is_there in waited_for.items():
            while not await is_there(target):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"nobody at {target} within {seconds:g} s: see the logs in {self.directory}")
                await asyncio.sleep(0.1)

    async def _open(self) -> None:
        self._exits.callback(self._starter.shutdown)
        for store in (self.postgres, self.valkey):
            self._exits.push_async_callback(self.run, store.stop)
            await self.run(store.start)
        await self.run(lambda: upgrade(self.postgres.url))
        await self.run(lambda: set_motion(self.postgres.url, "moving"))
        await self._open_market()
        for name in PROCESSES:
            self.processes[name] = await self._process(name)
        self._exits.push_async_callback(self.run, self._stop_processes)
        tending = asyncio.create_task(self._tend())
        self._exits.push_async_callback(_ended, tending)
        await self.wait_serving()

    async def _open_market(self) -> None:
        """The harness's own way to the market, past every proxy."""
        pool: Any = await open_pool(self.postgres.url, max_size=3)
        self._exits.push_async_callback(pool.close)
        self.market = await open_market(pool)
        self.token = (await Keys(pool).create(DEFAULT_ACCOUNT, [Scope.TRADE], PEPPER)).text
        self.stranger = (await Keys(pool).create(AccountId("stranger"), [Scope.TRADE], PEPPER)).text
        await self.market.set_validity(VALID_SLOTS)
        self.board = await self._exits.enter_async_context(PriceBoard(self.market, pace=_PACE_SECONDS))
        await self.run(self._make_room_for_plant)

    def _make_room_for_plant(self) -> None:
        if self._plant is not None:
            with psycopg.connect(self.postgres.url, autocommit=True) as connection:
                for statement in PLANTS[self._plant].sql:
                    connection.execute(statement)

    async def _process(self, name: str) -> Process:
        listen = self._port(name)
        if name in (*SERVERS, BRIDGE):
            await self._link(f"clients>{name}", listen)
        told = await (self._told_bridge(listen) if name == BRIDGE else self._told(name, listen))
        return Process(*command(name, self._plant), environment=told, log=self.directory / f"{name}.log")

    async def _told(self, name: str, listen: int) -> dict[str, str]:
        database = await self._link(f"{name}>postgres", self.postgres.port)
        queue = await self._link(f"{name}>valkey", self.valkey.port)
        return environment(
            database_url=at_port(self.postgres.url, database),
            redis_url=at_port(self.valkey.url, queue),
            listen=f"127.0.0.1:{listen}",
            latency=self._latency,
        )

    async def _told_bridge(self, listen: int) -> dict[str, str]:
        server = SERVERS[0]
        target = await self._link(f"{BRIDGE}>{server}", self._port(server))
        return bridge_environment(listen=f"127.0.0.1:{listen}", target=f"127.0.0.1:{target}")

    def _port(self, name: str) -> int:
        """Where a process listens; the same as long as it has not begun."""
        return port(self.directory / f"{name}.port")

    async def _link(self, name: str, upstream: int) -> int:
        link = self.links[name] = Proxy(upstream)
        await link.start()
        self._exits.push_async_callback(link.stop)
        return link.port

    async def _tend(self) -> None:
        while True:
            for name, process in self.processes.items():
                ended = process.child is None or process.child.exit_code is not None
                if ended and name not in self._held:
                    await self.run(process.start)
            await asyncio.sleep(_TEND_SECONDS)

    def _kill(self, name: str) -> None:
        if child := self.processes[name].child:
            child.kill()

    def _stop_processes(self) -> None:
        stop_together(self.processes.values(), seconds=8)


async def _serving(target: str) -> bool:
    async with grpc.aio.insecure_channel(target) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=1)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


async def _bridging(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=1) as http:
        try:
            return (await http.get(f"{url}/readyz")).is_success
        except httpx.TransportError:
            return False


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
