"""The processes of one stack: what starts after what, and what stops before what."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from fillwire_stack.children import Service, stop_together
from fillwire_stack.errors import NotStarted, PortTaken
from fillwire_stack.interrupts import Interrupts
from fillwire_stack.postgres import Postgres
from fillwire_stack.remembered import is_free
from fillwire_stack.services import Process, environment, worker_count
from fillwire_stack.settings import StackSettings
from fillwire_stack.store import Store
from fillwire_stack.supervisor import Supervisor
from fillwire_stack.valkey import Valkey

__all__ = ["System"]

_LOOK_SECONDS: Final = 0.05
_MIGRATION_SECONDS: Final = 600.0
_HEALTH_SECONDS: Final = 60.0
# As long as a killed predecessor's server may need to finish.
_PORT_SECONDS: Final = 12.0


class System:
    """Stores, server, bridge, workers, sweeper, triggers and courier, as children of this process.

    None outlives it, however it ends. Everything is started from the main thread, on which that depends.
    """

    def __init__(self, settings: StackSettings, *, interrupts: Interrupts, say: Callable[[str], None]) -> None:
        """Starts nothing yet."""
        self._settings = settings
        self._interrupts = interrupts
        self._say = say
        self._supervisor = Supervisor(say)
        self._stores: list[Store] = []
        self._database_url = ""
        self._servers: list[Process] = []
        self._workers: list[Process] = []

    @property
    def database_url(self) -> str:
        """Its PostgreSQL; empty before `start`."""
        return self._database_url

    @property
    def ports(self) -> dict[str, int]:
        """The ports of those stores that are its own, by name."""
        return {_name(type(store)): store.port for store in self._stores}

    def start(self) -> None:
        """Returns when the server and the bridge take orders.

        Raises StackError or Interrupted; `stop` then ends what has started.
        """
        self._await_port(self._settings.grpc_port, "FILLWIRE_GRPC_PORT")
        self._await_port(self._settings.http_port, "FILLWIRE_HTTP_PORT")
        given = self._settings
        database_url = given.database_url.get_secret_value() if given.database_url else self._store(Postgres)
        redis_url = given.redis_url.get_secret_value() if given.redis_url else self._store(Valkey)
        self._database_url = database_url
        told = environment(given, database_url=database_url, redis_url=redis_url)
        self._finish("migrate", "fillwire_stack.migrate", told=told, seconds=_MIGRATION_SECONDS)
        self._keep(self._servers, "bridge", "fillwire_bridge", told)
        self._keep(self._servers, "server", "fillwire_server", told)
        for number in range(worker_count(given)):
            self._keep(self._workers, f"worker-{number + 1}", "fillwire_workers", told)
        self._keep(self._workers, "sweeper", "fillwire_workers.sweeper", told)
        self._keep(self._workers, "triggers", "fillwire_workers.triggers", told)
        self._keep(self._workers, "courier", "fillwire_server.courier", told)
        # The bridge is ready when the server behind it is.
        self._finish("health", "fillwire_stack.health", given.page, "--wait", told=told, seconds=_HEALTH_SECONDS)

    def run(self) -> None:
        """Keeps everything running until Interrupted."""
        while True:
            self._supervisor.tend()
            self._pause()

    def stop(self) -> None:
        """Ends everything within 15 s. What a worker cannot finish it hands back; watchers resume by themselves."""
        stop_together(self._servers, seconds=3.0)
        stop_together(self._workers, seconds=9.0)
        stop_together(reversed(self._stores), seconds=3.0)

    def _await_port(self, port: int, variable: str) -> None:
        deadline = time.monotonic() + _PORT_SECONDS
        while not is_free(port):
            if time.monotonic() > deadline:
                message = f"another program listens on 127.0.0.1:{port}: set {variable}"
                raise PortTaken(message)
            self._pause()

    def _store(self, kind: type[Store]) -> str:
        name = _name(kind)
        store = kind(self._settings.state_directory / name, log=self._settings.log(name))
        self._stores.append(store)
        self._start(name, store)
        return store.url

    def _keep(self, group: list[Process], name: str, module: str, told: Mapping[str, str]) -> None:
        process = Process(module, environment=told, log=self._settings.log(name))
        group.append(process)
        self._start(name, process)

    def _start(self, name: str, service: Service) -> None:
        self._interrupts.check()
        self._supervisor.start(name, service)

    def _finish(self, name: str, module: str, *arguments: str, told: Mapping[str, str], seconds: float) -> None:
        """Runs a program to its end; it is given up where it takes too long or a service ends meanwhile."""
        log = self._settings.log(name)
        child = Process(module, *arguments, environment=told, log=log).run()
        deadline = time.monotonic() + seconds
        try:
            while not child.wait(_LOOK_SECONDS) and time.monotonic() < deadline:
                self._interrupts.check()
                if ended := self._supervisor.ended():
                    message = f"{ended[0]} ended while it started: see {self._settings.log(ended[0])}"
                    raise NotStarted(message)
        finally:
            child.kill()
        if child.exit_code:
            message = f"{name} did not succeed: see {log}"
            raise NotStarted(message)

    def _pause(self) -> None:
        time.sleep(_LOOK_SECONDS)
        self._interrupts.check()


def _name(store: type[Store]) -> str:
    return store.__name__.lower()
