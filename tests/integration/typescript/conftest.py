"""The TypeScript package, and engines with a bridge for it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.integration.typescript.building import built


@pytest.fixture(scope="session")
def package() -> Path:
    """Its folder, built."""
    return built()


@pytest.fixture(scope="session")
def system(package: Path, postgres: str, template: str) -> Iterator[System]:
    """An engine and its bridge, which all tests of this folder share. Leave it alive."""
    directory = Path(tempfile.mkdtemp(prefix="fillwire-typescript-"))
    directory.chmod(0o711)
    valkey = Valkey(directory / "valkey")
    valkey.start()
    database = f"typescript_{template}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    database_url = postgres.rsplit("/", 1)[0] + f"/{database}"
    with System(directory, database_url=database_url, redis_url=valkey.url, bridge=True) as system:
        yield system
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {database} WITH (FORCE)")
    valkey.stop()
    shutil.rmtree(directory)


@pytest.fixture
def still(package: Path, server_directory: Path, database_url: str, redis_url: str) -> System:
    """An engine and its bridge whose orders stand still: nobody executes them. Not started yet."""
    return System(
        server_directory, database_url=database_url, redis_url=redis_url, workers=0, sweeper=False, bridge=True
    )
