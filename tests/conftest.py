"""Real servers for the tests that speak to them: one PostgreSQL and one Valkey for each process of pytest.

`FILLWIRE_TEST_DATABASE_URL` and `FILLWIRE_TEST_REDIS_URL` name servers to use instead; the user of the first must be
allowed to create databases, and the numbered databases of the second are emptied.
"""

import os

# Before gRPC is loaded: its fork handlers can crash a child that is about to become a server of a test.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from redis import Redis

from fillwire_stack.postgres import Postgres
from fillwire_stack.remembered import port
from fillwire_stack.valkey import Valkey
from tests.servers import at_database, database, directory, started

_number: Final = count()


@pytest.fixture
def server_directory() -> Iterator[Path]:
    """An empty directory for servers of the test's own; unlike `tmp_path`, root's servers can reach it."""
    with directory() as place:
        yield place


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that all tests of this process share; use `database_url` for a database."""
    if given := os.environ.get("FILLWIRE_TEST_DATABASE_URL"):
        yield given
        return
    with directory() as place, started(Postgres(place)) as server:
        yield server.url


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL of a Valkey server that all tests of this process share; use `redis_url` for an empty database."""
    if given := os.environ.get("FILLWIRE_TEST_REDIS_URL"):
        yield given
        return
    with directory() as place, started(Valkey(place)) as server:
        yield server.url


@pytest.fixture(scope="session")
def template(postgres: str, worker_id: str) -> Iterator[str]:
    """The name of a migrated database that `database_url` copies; nobody may be connected to it."""
    # Not at the top: a unit test must not pay for Alembic.
    from fillwire_stack.migrate import upgrade  # noqa: PLC0415

    name = f"template_{worker_id}"
    with database(postgres, name) as url:
        upgrade(url)
        yield name


@pytest.fixture
def database_url(postgres: str, template: str, worker_id: str) -> Iterator[str]:
    """The URL of a migrated database, empty but for what the migrations seed, that no other test sees."""
    with database(postgres, f"test_{worker_id}_{next(_number)}", template=template) as url:
        yield url


@pytest.fixture
def redis_url(valkey: str, worker_id: str) -> str:
    """The URL of an empty database, the same for all tests of this process, one after the other."""
    url = at_database(valkey, worker_id.removeprefix("gw").replace("master", "0"))
    with Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def unused_tcp_port(tmp_path: Path) -> int:
    """In place of pytest-asyncio's, which an outgoing connection may be given before a server has it."""
    return port(tmp_path / "port")
