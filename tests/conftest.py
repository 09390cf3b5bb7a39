"""Real servers for the tests that speak to them: one PostgreSQL and one Valkey for each process of pytest.

`FILLWIRE_TEST_DATABASE_URL` and `FILLWIRE_TEST_REDIS_URL` name servers to use instead; the user of the first must be
allowed to create databases, and the numbered databases of the second are emptied.
"""

import os

# Before gRPC is loaded: its fork handlers can crash a child that is about to become a server of a test.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql
from redis import Redis

from fillwire_stack.postgres import Postgres
from fillwire_stack.valkey import Valkey

_number: Final = count()


@pytest.fixture
def server_directory() -> Iterator[Path]:
    """An empty directory for servers of the test's own; unlike `tmp_path`, root's servers can reach it."""
    yield from _directory()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that all tests of this process share; use `database_url` for a database."""
    if given := os.environ.get("FILLWIRE_TEST_DATABASE_URL"):
        yield given
        return
    for directory in _directory():
        server = Postgres(directory)
        server.start()
        yield server.url
        server.stop()


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL of a Valkey server that all tests of this process share; use `redis_url` for an empty database."""
    if given := os.environ.get("FILLWIRE_TEST_REDIS_URL"):
        yield given
        return
    for directory in _directory():
        server = Valkey(directory)
        server.start()
        yield server.url
        server.stop()


@pytest.fixture(scope="session")
def template(postgres: str, worker_id: str) -> Iterator[str]:
    """The name of a migrated database that `database_url` copies; nobody may be connected to it."""
    # Not at the top: a unit test must not pay for Alembic.
    from fillwire_stack.migrate import upgrade  # noqa: PLC0415

    name = f"template_{worker_id}"
    _run(postgres, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run(postgres, "CREATE DATABASE {}", name)
    upgrade(_at(postgres, name))
    yield name
    _run(postgres, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def database_url(postgres: str, template: str, worker_id: str) -> Iterator[str]:
    """The URL of a migrated database, empty but for what the migrations seed, that no other test sees."""
    name = f"test_{worker_id}_{next(_number)}"
    _run(postgres, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run(postgres, "CREATE DATABASE {} TEMPLATE {}", name, template)
    yield _at(postgres, name)
    _run(postgres, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def redis_url(valkey: str, worker_id: str) -> str:
    """The URL of an empty database, the same for all tests of this process, one after the other."""
    url = _at(valkey, worker_id.removeprefix("gw").replace("master", "0"))
    with Redis.from_url(url) as client:
        client.flushdb()
    return url


def _directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="fillwire-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


def _run(postgres: str, statement: LiteralString, *names: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _at(server: str, database: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
