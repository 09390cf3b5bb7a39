"""The engine's real processes, for tests that kill them."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from fillwire_stack.children import stop_together
from fillwire_stack.remembered import port
from fillwire_stack.services import Process
from tests.e2e.nursery import Forked

START_SECONDS = 60.0

UNLIMITED: Mapping[str, str] = {
    "FILLWIRE_ORDERS_PER_MINUTE": "0",
    "FILLWIRE_MAX_OPEN_ORDERS": "0",
    "FILLWIRE_MAX_STREAMS": "0",
}
"""For whoever submits thousands, or watches them, as one account."""


class System:
    """A server, workers, a sweeper, trigger processes, couriers and a bridge on given stores; a context manager.

    Each is a process of its own, and none outlives the test.
    """

    def __init__(
        self,
        directory: Path,
        *,
        database_url: str,
        redis_url: str,
        workers: int = 1,
        sweeper: bool = True,
        triggers: int = 0,
        couriers: int = 0,
        bridge: bool = False,
        kind: type[Process] = Forked,
        **environment: str,
    ) -> None:
        """Starts nothing yet. What is measured is of the `kind` that begins as in production: `Process`."""
        self._kind = kind
        self.target = f"127.0.0.1:{port(directory / 'grpc.port')}"
        self.bridge_url = f"http://127.0.0.1:{port(directory / 'bridge.port')}"
        self.database_url = database_url
        self.redis_url = redis_url
        self.directory = directory
        self.environment: Mapping[str, str] = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "FILLWIRE_QUEUE_KEY": "a key for tests alone",
            "FILLWIRE_LISTEN": self.target,
            "FILLWIRE_TARGET": self.target,
            "FILLWIRE_BRIDGE_LISTEN": self.bridge_url.removeprefix("http://"),
            "FILLWIRE_LATENCY_PROFILE": "zero",
            "FILLWIRE_DRAIN_SECONDS": "2",
            "OPENBLAS_NUM_THREADS": "1",
            # A fault that one test scripts would make the routes of the next ones distrustful.
            "FILLWIRE_VENUE_SCORES": "observe",
            **UNLIMITED,
            **environment,
        }
        self.server = self.process("server", "fillwire_server")
        self.workers = [self.process(f"worker-{number}", "fillwire_workers") for number in range(workers)]
        self.sweeper = self.process("sweeper", "fillwire_workers.sweeper") if sweeper else None
        self.triggers = [self.process(f"triggers-{number}", "fillwire_workers.triggers") for number in range(triggers)]
        self.couriers = [self.process(f"courier-{number}", "fillwire_server.courier") for number in range(couriers)]
        self.bridge = self.process("bridge", "fillwire_bridge") if bridge else None

    def process(self, name: str, module: str, *arguments: str, **environment: str) -> Process:
        """One more process of this system, not yet started."""
        told = {**self.environment, **environment}
        return self._kind(module, *arguments, environment=told, log=self.directory / f"{name}.log")

    @property
    def processes(self) -> list[Process]:
        several = [*self.workers, *self.triggers, *self.couriers]
        return [self.server, *several, *(one for one in (self.sweeper, self.bridge) if one)]

    def __enter__(self) -> Self:
        try:
            for process in self.processes:
                process.start()
            self.wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        stop_together(self.processes, seconds=12)

    def wait_ready(self) -> None:
        """Until the server takes orders, and all others but the sweeper say that they are ready."""
        deadline = time.monotonic() + START_SECONDS
        while not (self._serving() and self._said_ready() and self._bridged()):
            ended = [process for process in self.processes if process.child and process.child.exit_code is not None]
            assert not ended, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)

    def said(self, process: Process, event: str) -> bool:
        """Whether the process that runs now has logged `event`."""
        log = self._log(process)
        return log.exists() and f'"{event}"' in log.read_text()

    def kill(self, process: Process) -> None:
        """SIGKILL: nothing is finished, nothing is handed back."""
        assert process.child is not None
        process.child.kill()

    @contextmanager
    def paused(self, process: Process) -> Iterator[None]:
        """SIGSTOP for as long as the block runs."""
        assert process.child is not None
        process.child.send(signal.SIGSTOP)
        try:
            yield
        finally:
            process.child.send(signal.SIGCONT)

    def logs(self) -> str:
        """What all processes have logged."""
        return "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in sorted(self.directory.glob("*.log")))

    def _log(self, process: Process) -> Path:
        return process._log

    def _said_ready(self) -> bool:
        named = {"worker_ready": self.workers, "triggers_ready": self.triggers, "courier_ready": self.couriers}
        return all(self.said(process, event) for event, several in named.items() for process in several)

    def _serving(self) -> bool:
        with grpc.insecure_channel(self.target) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            try:
                answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=1)
            except grpc.RpcError:
                return False
            return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def _bridged(self) -> bool:
        """Whether the bridge, if there is one, is up and reaches the server."""
        try:
            return self.bridge is None or httpx.get(f"{self.bridge_url}/readyz", timeout=1, trust_env=False).is_success
        except httpx.TransportError:
            return False
