"""What PostgreSQL and Valkey have in common as servers of our own."""

import time
from abc import ABC, abstractmethod
from pathlib import Path
from signal import Signals
from typing import ClassVar, Final

from fillwire_stack import remembered
from fillwire_stack.children import Child, stop_together
from fillwire_stack.errors import NotStarted
from fillwire_stack.users import open_to, unprivileged

__all__ = ["PASSWORD", "Store"]

PASSWORD: Final = "password"  # noqa: S105 - the name of the file


class Store(ABC):
    """A server whose data, password, port and log lie in one directory; a child of this process.

    Only on 127.0.0.1, and only with the password: without one it would serve every local user.
    Whatever ends this process, the server writes what it has and ends by itself.
    """

    stop_signal: ClassVar[Signals]
    """Ends the server in order."""

    start_seconds: ClassVar[float] = 30.0
    stop_seconds: ClassVar[float] = 6.0

    def __init__(self, directory: Path, *, log: Path | None = None) -> None:
        """Starts nothing yet; `log` is by default `server.log` in `directory`."""
        self._directory = directory
        self._data = directory / "data"
        self._log = log or directory / "server.log"
        self._port = 0
        self._child: Child | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where to connect, password included.

        The same at every start of this object, and at the next process's unless its port is taken by then.
        """

    @property
    def port(self) -> int:
        """The port it listens on; 0 before the first start."""
        return self._port

    @property
    def child(self) -> Child | None:
        """Its process, running or ended; None before the first start."""
        return self._child

    def start(self) -> None:
        """Starts it, with new data the first time, and waits until it serves.

        Raises StackError: BinaryMissing, DataIncompatible, Unreachable, or NotStarted after 30 s.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        if unprivileged():
            open_to(self._directory)
        program = self._prepare()
        deadline = time.monotonic() + self.start_seconds
        while not self._try(program, deadline):
            # A predecessor may still be dying and hold the data, or somebody was faster at the port.
            if time.monotonic() > deadline:
                message = f"{program.name} does not start: see {self._log}"
                raise NotStarted(message)
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends it in order: what is in memory is written. Kills it where that takes too long."""
        if self._child:
            stop_together([self], seconds=self.stop_seconds)

    def kill(self) -> None:
        """Ends it with SIGKILL, as a crash would."""
        if self._child:
            self._child.kill()

    def restart(self) -> None:
        """Stops and starts it."""
        self.stop()
        self.start()

    @abstractmethod
    def _prepare(self) -> Path:
        """Makes the data directory where there is none; the server's program."""

    @abstractmethod
    def _launch(self, program: Path, port: int) -> Child:
        """Starts `program` on `port`."""

    @abstractmethod
    def _serves(self, child: Child, port: int) -> bool:
        """Whether `child` takes connections on `port` by now."""

    @property
    def _password(self) -> str:
        return remembered.secret(self._directory / PASSWORD)

    def _try(self, program: Path, deadline: float) -> bool:
        port = self._port or remembered.port(self._directory / "port")
        child = self._child = self._launch(program, port)
        while not self._serves(child, port):
            if child.wait(0.02):
                return False
            if time.monotonic() > deadline:
                child.kill()
        self._port = port
        return True
