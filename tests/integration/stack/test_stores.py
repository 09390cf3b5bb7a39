"""The embedded servers keep their data and their secrets."""

from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import RedisError

from fillwire_stack.errors import DataIncompatible
from fillwire_stack.postgres import Postgres
from fillwire_stack.valkey import Valkey


def test_postgres_keeps_what_was_committed_through_a_crash_and_a_restart(server_directory: Path) -> None:
    server = Postgres(server_directory)
    server.start()
    url = server.url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    server.kill()
    server.start()
    assert server.url == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_postgres_lets_nobody_in_without_the_password(server_directory: Path) -> None:
    server = Postgres(server_directory)
    server.start()
    password = (server_directory / "password").read_text()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url.replace(password, "guessed"))
    server.stop()


def test_data_of_another_major_version_is_left_alone(server_directory: Path) -> None:
    server = Postgres(server_directory)
    server.start()
    server.stop()
    version = server_directory / "data" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(DataIncompatible, match="9"):
        Postgres(server_directory).start()


def test_valkey_keeps_its_keys_through_a_restart_and_evicts_nothing(server_directory: Path) -> None:
    server = Valkey(server_directory)
    server.start()
    with Redis.from_url(server.url) as client:
        client.set("kept", "yes")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    server.restart()
    with Redis.from_url(server.url) as client:
        assert client.get("kept") == b"yes"
    server.stop()


def test_valkey_lets_nobody_in_without_the_password(server_directory: Path) -> None:
    server = Valkey(server_directory)
    server.start()
    with Redis(port=server.port) as client, pytest.raises(RedisError, match=r"(?i)auth"):
        client.ping()
    server.stop()
