"""The TypeScript package, and engines with a bridge for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.standing import standing
from tests.e2e.system import System
from tests.integration.typescript.building import built


@pytest.fixture(scope="session")
def package() -> Path:
    """Its folder, built."""
    return built()


@pytest.fixture(scope="session")
def system(package: Path, postgres: str, template: str) -> Iterator[System]:
    """An engine with a courier, and its bridge, which all tests of this folder share. Leave it alive."""
    # Who receives webhooks here is on this machine.
    near = {"FILLWIRE_WEBHOOKS_ALLOW_PRIVATE": "1"}
    with standing("typescript", postgres, template, triggers=1, couriers=1, bridge=True, **near) as system:
        yield system


@pytest.fixture
def still(package: Path, server_directory: Path, database_url: str, redis_url: str) -> System:
    """An engine and its bridge whose orders stand still: nobody executes them. Not started yet."""
    return System(
        server_directory, database_url=database_url, redis_url=redis_url, workers=0, sweeper=False, bridge=True
    )
