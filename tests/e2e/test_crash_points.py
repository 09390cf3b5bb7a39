"""A process dies at every point that matters, once and again; each order comes to its one end all the same.

Tests 7, 8 and 16 of what breaks elsewhere. The points are named in `crashing`.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import grpc
import pytest

from fillwire.v1 import order_service_pb2
from fillwire_orders import DEFAULT_ACCOUNT, FINAL, OrderId, Reader, Status
from fillwire_orders.status import allowed
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.crashes import Plan
from tests.e2e.crashing import ANY, SILENT
from tests.e2e.driver import Driver, statuses
from tests.e2e.ledger import landed_by_order
from tests.e2e.system import System

TAKEOVER_SECONDS: Final = 15.0

ORDINARY: Final = {"client": "ordinary", "end": "CONFIRMED", "changes": {}}
SILENCE: Final = {"client": SILENT, "end": "CONFIRMED", "changes": {}}
HOPELESS: Final = {"client": "hopeless", "end": "FAILED", "changes": {"min_amount_out": "1000000000000"}}
TINY: Final = {"client": "tiny", "end": "FAILED", "changes": {"amount_in": "1"}}

AGAIN: Final = "claim.after"
"""Where the second worker dies whose predecessor died at a point that is passed only once."""

WAYS: Final[Sequence[tuple[dict[str, Any], Sequence[str]]]] = [
    (ORDINARY, ["claim.before"]),
    (ORDINARY, ["claim.before", "claim.before"]),
    (ORDINARY, ["claim.after"]),
    (ORDINARY, ["claim.after", "claim.after"]),
    (ORDINARY, ["building.before"]),
    (ORDINARY, ["building.before", "building.before"]),
    (ORDINARY, ["building.after"]),
    (ORDINARY, ["building.after", AGAIN]),
    (ORDINARY, ["submitted.before"]),
    (ORDINARY, ["submitted.before", "submitted.before"]),
    (ORDINARY, ["submitted.after"]),
    (ORDINARY, ["submitted.after", AGAIN]),
    (ORDINARY, ["send.before"]),
    (ORDINARY, ["send.before", "send.before"]),
    (ORDINARY, ["send.after"]),
    (ORDINARY, ["send.after", "outcome.before"]),
    (ORDINARY, ["send.after", "outcome.after"]),
    # A venue that takes no time tells what became of a transaction as it takes it; asked is only by whoever takes over.
    (ORDINARY, ["send.after", "outcome.before", "outcome.before"]),
    (ORDINARY, ["send.after", "outcome.after", "outcome.after"]),
    (ORDINARY, ["confirmed.before"]),
    (ORDINARY, ["confirmed.before", "confirmed.before"]),
    (ORDINARY, ["confirmed.after"]),
    (SILENCE, ["reconciling.before"]),
    (SILENCE, ["reconciling.before", "reconciling.before"]),
    (SILENCE, ["reconciling.after"]),
    (SILENCE, ["reconciling.after", AGAIN]),
    (HOPELESS, ["retrying.before"]),
    (HOPELESS, ["retrying.before", "retrying.before"]),
    (HOPELESS, ["retrying.after"]),
    (HOPELESS, ["retrying.after", "retrying.after"]),
    (TINY, ["failed.before"]),
    (TINY, ["failed.before", "failed.before"]),
    (TINY, ["failed.after"]),
]


class Crashing(System):
    """A system whose processes die as planned, and are started again at once."""

    def process(self, name: str, module: str, *arguments: str, **environment: str) -> Process:
        return super().process(name, "tests.e2e.crashing", module, *arguments, **environment)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where processes die, and what is looked at after it."""

    directory: Path
    database_url: str
    redis_url: str
    plan: Plan
    reader: Reader

    @asynccontextmanager
    async def engine(self, *, workers: int) -> AsyncIterator[Driver]:
        """A running engine that dies as planned, and a client of it."""
        system = Crashing(
            self.directory,
            database_url=self.database_url,
            redis_url=self.redis_url,
            workers=workers,
            FILLWIRE_WORKER_CONCURRENCY="1",
            FILLWIRE_CRASHES=str(self.directory),
        )
        with system:
            async with Driver(system.target) as driver:
                yield driver


@pytest.fixture
def stage(server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader) -> Stage:
    """Nothing is planned yet, and nothing runs."""
    return Stage(server_directory, database_url, valkey_alone.url, Plan(server_directory), reader_of)


async def submitted_for_sure(driver: Driver, key: str, **changes: Any) -> Any:
    """As a client does it: the same request id until there is an answer."""
    async with asyncio.timeout(20):
        while True:
            with suppress(grpc.aio.AioRpcError):
                return await driver.submit(key, **changes)
            await asyncio.sleep(0.05)


async def watched(driver: Driver, order_id: str) -> Sequence[int]:
    """The seqs that a watch shows which resumes where it was cut."""
    seen: list[int] = []
    async with asyncio.timeout(100):
        while True:
            with suppress(grpc.aio.AioRpcError):
                async for frame in driver.frames(order_id, seen[-1] if seen else 0):
                    seen += [frame.event.seq] if frame.HasField("event") else []
                return seen
            await asyncio.sleep(0.05)


async def check_story(reader: Reader, order_id: str, *, end: str) -> None:
    """I2 and I5: a gapless log of legal steps, one final event, the last, and a row that says the same."""
    events = await reader.events(OrderId(order_id), 0)
    order = await reader.order(DEFAULT_ACCOUNT, OrderId(order_id))
    way = [event.status for event in events]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(allowed(before, after) for before, after in zip([None, *way], way, strict=False)), way
    assert [status for status in way if status in FINAL] == [Status(end)], way
    assert (order.status, order.last_seq) == (events[-1].status, events[-1].seq)


async def found_by_request(driver: Driver, key: str) -> Any:
    answer = await driver.orders.GetOrder(order_service_pb2.GetOrderRequest(request_id=key), timeout=5)
    return answer.order


async def test_7_8_16_workers_die_at_every_point_once_and_twice_and_each_order_ends_once(stage: Stage) -> None:
    ways = {f"{way['client']}-{number}": (way, points) for number, (way, points) in enumerate(WAYS)}
    keys = {name: str(uuid.uuid4()) for name in ways}
    for name, (_, points) in ways.items():
        stage.plan.add(name, points)
    async with stage.engine(workers=6) as driver:
        orders = {
            name: (await driver.submit(keys[name], client_order_id=name, **way["changes"])).order.order_id
            for name, (way, _) in ways.items()
        }
        seen = await asyncio.gather(*(watched(driver, order) for order in orders.values()))
        landed = await landed_by_order(stage.database_url)
        for (name, order), seqs in zip(orders.items(), seen, strict=True):
            way, points = ways[name]
            assert stage.plan.left(name) == [], (name, points)
            await check_story(stage.reader, order, end=way["end"])
            assert list(seqs) == list(range(1, len(seqs) + 1))
            assert landed.get(order, 0) == (way["end"] == "CONFIRMED"), (name, points)
            assert (await found_by_request(driver, keys[name])).order_id == order
            assert max(stage.plan.takeovers(name), default=0.0) < TAKEOVER_SECONDS, (name, points)


async def test_9_a_server_that_dies_while_it_takes_an_order_has_it_once_and_its_client_finds_it(stage: Stage) -> None:
    # A point after the first COMMIT is passed once: the order is there already when its client asks again.
    deaths = [
        ["submit.before"],
        ["submit.before", "submit.before"],
        ["submit.after"],
        ["submit.after", "submit.after"],
        ["announced"],
        ["announced", "submit.after"],
    ]
    async with stage.engine(workers=1) as driver:
        for points in deaths:
            name, key = "-".join(points), str(uuid.uuid4())
            stage.plan.add(name, points)
            answer = await submitted_for_sure(driver, key, client_order_id=name)
            order = answer.order.order_id
            assert stage.plan.left(name) == []
            assert answer.deduplicated == ("submit.before" not in points)
            assert (await found_by_request(driver, key)).order_id == order
            assert list(await watched(driver, order)) == [1, 2, 3, 4, 5]
            await check_story(stage.reader, order, end="CONFIRMED")
            assert (await landed_by_order(stage.database_url))[order] == 1
        assert len(await landed_by_order(stage.database_url)) == len(deaths)


async def test_2_a_server_that_dies_after_every_frame_leaves_its_watcher_without_gap_or_double(stage: Stage) -> None:
    # Each connection brings a snapshot and one event, then the server dies; the last one brings the rest.
    stage.plan.add("mine", ["watch.1", "watch.2", "watch.2", "watch.2"])
    async with stage.engine(workers=1) as driver:
        order = (await driver.submit(client_order_id="mine")).order.order_id
        assert list(await watched(driver, order)) == [1, 2, 3, 4, 5]
        assert stage.plan.left("mine") == []


async def test_16_a_sweeper_that_dies_with_what_it_found_loses_nothing(stage: Stage) -> None:
    stage.plan.add(ANY, ["due.after", "due.after", "pushed", "pushed"])
    # Its worker dies each time before it has the order, so that only the sweeper finds it.
    stage.plan.add("mine", ["claim.before", "claim.before"])
    async with stage.engine(workers=1) as driver:
        order = (await driver.submit(client_order_id="mine")).order.order_id
        story = statuses(await driver.watch(order, seconds=45))
        assert story == ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]
        assert stage.plan.left(ANY) == stage.plan.left("mine") == []
        await check_story(stage.reader, order, end="CONFIRMED")
        assert await landed_by_order(stage.database_url) == {order: 1}
