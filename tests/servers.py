"""Servers that tests and benchmarks start, and what they leave behind: nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from fillwire_stack.store import Store

__all__ = ["at_database", "database", "directory", "started"]

_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 4 * 2**30
"""Bytes that must be free: PostgreSQL keeps up to 1 GiB of its log, and every process of pytest has one."""

_Store = TypeVar("_Store", bound=Store)


@contextmanager
def directory(*, in_memory: bool = True) -> Iterator[Path]:
    """An empty directory that any user's server can reach, gone after the block.

    Its files are in memory where there is room: a disk may take ten times as long to copy a database. A process that is
    killed loses nothing in either; what is measured belongs on a disk.
    """
    place = Path(tempfile.mkdtemp(prefix="fillwire-", dir=_MEMORY if in_memory and _has_room() else None))
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def started(store: _Store) -> Iterator[_Store]:
    """Runs a store for as long as the block does."""
    store.start()
    try:
        yield store
    finally:
        store.stop()


@contextmanager
def database(server: str, name: str, *, template: str | None = None) -> Iterator[str]:
    """The URL of a new database on the server of that URL, a copy of `template` if one is named; dropped at the end."""
    fresh = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        fresh = sql.SQL("{} TEMPLATE {}").format(fresh, sql.Identifier(template))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(fresh)
    try:
        yield at_database(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)


def at_database(server: str, name: str) -> str:
    """The URL of another database on the server of that URL, PostgreSQL or Redis."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _has_room() -> bool:
    """Whether servers can work there: a container may have a few MiB of it, and may forbid to load a library from it."""
    return (
        _MEMORY.is_dir()
        and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
        and os.access(_MEMORY, os.W_OK)
        and shutil.disk_usage(_MEMORY).free > _ROOM
    )
