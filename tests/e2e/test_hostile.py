"""What a port that is open to everybody is met with; meanwhile a decent client is served as ever.

The table of attacks on gRPC servers: large, malformed, half-open, and legal to the letter.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest

from bench.attacks import attacked
from fillwire.v1 import order_service_pb2
from tests.e2e import attacks, http2
from tests.e2e.driver import SPEC, Driver
from tests.e2e.system import System

SUBMIT = "/fillwire.v1.OrderService/SubmitOrder"
GOOD_CALL_SECONDS = 3.0
"""Far above what a call takes (a few ms): the attacker here has the same processor, and often the same loop.

`python -m bench attacks` measures what it does take.
"""


@pytest.fixture
def server(system: System) -> Iterator[System]:
    """The shared engine, which is alive after the test, and has no traceback of it in its log."""
    log = system.directory / "server.log"
    before = log.stat().st_size
    yield system
    child = system.server.child
    assert child is not None
    assert child.exit_code is None
    assert b"Traceback" not in log.read_bytes()[before:]


@asynccontextmanager
async def decent_client(server: System) -> AsyncIterator[list[float]]:
    """Submits all the time while the block runs, and five times after it; the seconds each call took."""
    seconds: list[float] = []
    enough = asyncio.Event()

    async def submit_on() -> None:
        async with Driver(server.target) as driver:
            left = 5
            while left:
                began = time.monotonic()
                await driver.submit()
                seconds.append(time.monotonic() - began)
                left -= enough.is_set()
                await asyncio.sleep(0.01)

    submitting = asyncio.create_task(submit_on())
    yield seconds
    enough.set()
    await submitting


async def refusal(server: System, body: bytes, **call: Any) -> grpc.aio.AioRpcError:
    """How a call with these bytes fails."""
    async with grpc.aio.insecure_channel(server.target) as channel:
        ask: Any = channel.unary_unary(SUBMIT)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await ask(body, timeout=5, **call)
    return raised.value


def rows(server: System) -> int:
    with psycopg.connect(server.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM fillwire.orders").fetchone()
    assert row is not None
    return int(row[0])


def rss_mb(server: System) -> float:
    assert server.server.child is not None
    return int(Path(f"/proc/{server.server.child.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.parametrize(
    ("body", "call", "code"),
    [
        (b"\x0a" + b"\xff" * 3 + b"\x00" * 1_000_000, {}, "RESOURCE_EXHAUSTED"),
        (b"", {"metadata": [("x-much", "a" * 100_000)]}, "RESOURCE_EXHAUSTED"),
        (b"", {"metadata": [(f"x-{number}", "a") for number in range(2_000)]}, "RESOURCE_EXHAUSTED"),
        (b"\xff\xff\xff\xff", {}, "INVALID_ARGUMENT"),
        (b"\x0a\x05\x0a\x03\xff\xfe\xfd", {}, "INVALID_ARGUMENT"),
        (b"\x0b" * 5_000, {}, "INVALID_ARGUMENT"),
        (b"", {}, "INVALID_ARGUMENT"),
    ],
    ids=["1 MB", "100 kB of metadata", "2,000 keys", "no message", "no UTF-8", "deep groups", "nothing"],
)
async def test_what_is_too_large_or_no_request_is_refused_by_name_and_leaves_no_row(
    server: System, body: bytes, call: dict[str, Any], code: str
) -> None:
    before = rows(server)
    error = await refusal(server, body, **call)
    assert error.code().name == code
    assert "Traceback" not in str(error.details())
    assert "google.protobuf" not in str(error.details())
    assert rows(server) == before


@pytest.mark.parametrize("limit", ["99999999H", "0n", "1n", "banana", "-1S", "999999999999S", ""])
async def test_an_absurd_time_limit_harms_only_whoever_sets_it(server: System, limit: str) -> None:
    request = order_service_pb2.SubmitOrderRequest(spec=SPEC, validate_only=True)  # type: ignore[arg-type]
    async with http2.connected(server.target) as line:
        line.send(http2.call(1, SUBMIT, request.SerializeToString(), ("grpc-timeout", limit)))
        await line.answered(seconds=5)
    async with Driver(server.target) as driver:
        assert (await driver.submit()).order.order_id


@pytest.mark.parametrize(
    "greeting",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /fillwire.v1.OrderService/SubmitOrder HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
        bytes(range(256)) * 16,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        http2.PREFACE + b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",
        http2.PREFACE + http2.frame(http2.HEADERS, 5, 0, b"\x82\x86"),
    ],
    ids=["GET", "POST", "noise", "TLS", "16 MB frame", "headers on stream 0"],
)
async def test_who_speaks_something_else_is_hung_up_on_at_once(server: System, greeting: bytes) -> None:
    async with http2.opened(server.target) as line:
        line.send(greeting)
        assert await line.hung_up(seconds=5)
    async with Driver(server.target) as driver:
        assert (await driver.submit()).order.order_id


async def test_connections_that_never_finish_their_greeting_are_closed_within_seconds(server: System) -> None:
    began = time.monotonic()
    assert await attacks.half_open(server.target)
    assert 2.0 < time.monotonic() - began < 8.0


async def test_a_header_that_is_no_text_is_not_worth_a_traceback(server: System) -> None:
    async with http2.connected(server.target) as line:
        line.send(
            http2.headers(1, SUBMIT, end=False) + http2.frame(http2.CONTINUATION, 4, 1, b"\x00\x03x-a\x02\xff\xfe")
        )
        line.send(http2.message(1, b""))
        assert await line.answered(seconds=5)


async def test_a_rapid_reset_is_survived_and_its_memory_is_used_again(server: System) -> None:
    grown = [rss_mb(server)]
    for _ in range(4):
        async with decent_client(server) as seconds:
            await attacks.rapid_reset(server.target)
        assert max(seconds) < GOOD_CALL_SECONDS
        grown.append(rss_mb(server))
    # The first storms make room for what is reset; later ones find it.
    assert grown[4] - grown[2] < max(grown[2] - grown[0], 60)


async def test_a_flood_of_continuations_costs_neither_memory_nor_other_clients_their_answers(server: System) -> None:
    before = rss_mb(server)
    async with decent_client(server) as seconds:
        await attacks.continuations(server.target)
    assert max(seconds) < GOOD_CALL_SECONDS
    assert rss_mb(server) - before < 50


async def test_a_flood_of_pings_is_hung_up_on(server: System) -> None:
    async with decent_client(server) as seconds:
        assert await attacks.pings(server.target)
    assert max(seconds) < GOOD_CALL_SECONDS


@pytest.mark.parametrize("attack", attacks.ATTACKS)
async def test_whoever_comes_after_a_rude_client_in_a_process_of_its_own_is_served(server: System, attack: str) -> None:
    """How long others wait meanwhile is measured by `./run bench attacks`."""
    async with attacked(server.target, attack):
        await asyncio.sleep(2)
    async with Driver(server.target) as driver:
        assert (await driver.submit()).order.order_id
