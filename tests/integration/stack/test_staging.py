"""As root, in a clone that nobody else may enter, the stores run on copies of their programs."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from fillwire_stack import staging
from fillwire_stack.postgres import Postgres
from fillwire_stack.valkey import Valkey

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's stores run as another user")


@pytest.fixture
def staged_in(server_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where copies go, on a machine whose clone is closed to others."""
    programs = server_directory / "programs"
    monkeypatch.setattr(staging, "_STAGED", programs)
    monkeypatch.setattr(staging, "reachable", lambda _directory, *, listed: not listed)
    yield programs
    shutil.rmtree(programs)


def test_postgres_runs_on_a_copy_that_is_made_once(staged_in: Path, server_directory: Path) -> None:
    server = Postgres(server_directory / "postgres")
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    (copy,) = staged_in.iterdir()
    made = copy.stat().st_ctime_ns
    server.restart()
    server.stop()
    assert [path.stat().st_ctime_ns for path in staged_in.iterdir()] == [made]


def test_valkey_runs_on_a_copy(staged_in: Path, server_directory: Path) -> None:
    server = Valkey(server_directory / "valkey")
    server.start()
    with Redis.from_url(server.url) as client:
        assert client.ping()
    server.stop()
    assert len(list(staged_in.iterdir())) == 1
