"""Systems that stand for as long as there are tests that share them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import database, directory, started

__all__ = ["standing"]


@contextmanager
def standing(name: str, postgres: str, template: str, **given: Any) -> Iterator[System]:
    """A running system on a database called `name` and a Valkey of its own; `given` is what `System` takes."""
    with (
        directory() as place,
        started(Valkey(place / "valkey")) as valkey,
        database(postgres, f"{name}_{template}", template=template) as url,
        System(place, database_url=url, redis_url=valkey.url, **given) as system,
    ):
        yield system
