"""What the tests of several commands share."""

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from fillwire.cli.app import app
from tests.unit.client.scripted import Engine, serving_beside

Run = Callable[..., Result]


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command against the engine of the test."""
    with serving_beside(engine) as target:
        monkeypatch.setenv("FILLWIRE_TARGET", target)
        monkeypatch.delenv("FILLWIRE_TOKEN", raising=False)
        yield lambda *args: CliRunner().invoke(app, [*args])
