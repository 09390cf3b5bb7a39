"""Whatever a client sends, it is told what is wrong with it, and nothing is stored that was refused.

Test 11 of what breaks elsewhere, for every field of every method.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fillwire_orders import Pool
from tests.e2e.driver import Driver
from tests.e2e.system import System
from tests.fuzz.campaign import METHODS, Attack, run

REQUESTS = 1_000


@pytest.fixture
def server(server_directory: Path, database_url: str, redis_url: str) -> Iterator[System]:
    """A server process without workers: what was stored stays as it came."""
    with System(server_directory, database_url=database_url, redis_url=redis_url, workers=0, sweeper=False) as system:
        yield system


@pytest.mark.parametrize("raw", [False, True], ids=["generated", "damaged"])
async def test_11_no_request_brings_about_a_fault_of_ours_or_a_row_that_was_refused(
    server: System, pool: Pool, raw: bool
) -> None:
    async with Driver(server.target) as driver:
        known = [(await driver.submit()).order.order_id for _ in range(3)]
        outcome = await run(server.target, Attack(REQUESTS, seed=11, raw=raw, order_ids=known))
        assert outcome.faults == []
        assert sum(outcome.codes.values()) == REQUESTS
        assert {key.split()[0] for key in outcome.codes} == {method.name for method in METHODS}
        async with pool.connection() as connection:
            stored = await (await connection.execute("SELECT id::text FROM fillwire.orders")).fetchall()
        assert {order for (order,) in stored} == outcome.stored | set(known)
        assert (await driver.submit()).order.order_id
    log = (server.directory / "server.log").read_text()
    assert "Traceback" not in log
    assert '"level":"error"' not in log
