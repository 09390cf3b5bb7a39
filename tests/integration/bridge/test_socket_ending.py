"""How sockets end, and what becomes of their calls at the server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from fillwire_bridge.metrics import CALLS, SOCKETS
from tests.integration.bridge.scripted import Scripted
from tests.integration.bridge.talking import Said, Talk, limited_bridge, talking

WATCH = "OrderService/WatchOrders"
TOKENS = "MarketService/ListTokens"


@pytest.fixture
async def scripted() -> Scripted:
    return Scripted(frame_bytes=16)


@pytest.fixture
async def url(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    async with scripted.serving() as port, limited_bridge(monkeypatch, f"127.0.0.1:{port}") as url:
        yield url


async def until(happens: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not happens():
            await asyncio.sleep(0.01)


async def watch(talk: Talk, *names: str) -> None:
    for name in names:
        await talk.call(name, WATCH, cursor=name)
    began: set[str] = set()
    while began != set(names):
        began.add((await talk.hear())["id"])


async def test_a_call_that_answers_late_holds_no_other(url: str, scripted: Scripted) -> None:
    async with talking(url) as talk:
        await talk.call("late", TOKENS)
        await scripted.asked.wait()
        await watch(talk, "w")
        await talk.say({"id": "w", "cancel": {}})
        while "end" not in (heard := await talk.hear()):
            assert heard["id"] == "w"
        scripted.go.set()
        assert (await talk.rest())[1] == {"code": "OK"}


async def test_a_cancelled_call_ends_at_the_server_and_the_others_do_not(url: str, scripted: Scripted) -> None:
    async with talking(url) as talk:
        await watch(talk, "a", "b")
        await talk.say({"id": "a", "cancel": {}})
        await until(lambda: scripted.left)
        assert scripted.left == {"a"}
        while (heard := await talk.hear())["id"] == "b" or "message" in heard:
            pass
        assert (heard["id"], heard["end"]["code"]) == ("a", "CANCELLED")
        for _ in range(100):
            assert (await talk.hear())["id"] == "b"


async def test_when_the_client_closes_all_its_calls_end_at_the_server(url: str, scripted: Scripted) -> None:
    names = {str(number) for number in range(20)}
    async with talking(url) as talk:
        await watch(talk, *names)
    await until(lambda: scripted.left == names)


async def test_when_the_client_is_gone_without_a_word_all_its_calls_end_at_the_server(
    url: str, scripted: Scripted
) -> None:
    with capture_logs() as lines:
        async with talking(url) as talk:
            await watch(talk, "a", "b")
            await talk.call("late", TOKENS)
            await scripted.asked.wait()
            talk.socket.transport.abort()
            await until(lambda: scripted.left == {"a", "b"})
        await until(lambda: not CALLS.labels("socket")._value.get() and not SOCKETS._value.get())
    assert [line["event"] for line in lines] == ["socket_ended"]


async def test_a_client_that_breaks_the_protocol_leaves_no_call_at_the_server(url: str, scripted: Scripted) -> None:
    async with talking(url) as talk:
        await watch(talk, "a", "b")
        await talk.say({})
        assert (await talk.closed())[0] == 4400
        await until(lambda: scripted.left == {"a", "b"})


async def test_a_client_that_breaks_the_protocol_in_the_middle_of_streams_is_no_error_of_the_bridge(url: str) -> None:
    with capture_logs() as lines:
        for _ in range(10):
            async with talking(url) as talk:
                await watch(talk, "a", "b", "c")
                await talk.socket.send("x" * 100_000)
                assert (await talk.closed())[0] == 1009
        await until(lambda: len(lines) >= 10)
    assert {line["event"] for line in lines} == {"socket_ended"}
    assert {line["code"] for line in lines} <= {1009, 1006}


@asynccontextmanager
async def draining(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch, *, drain_seconds: float = 5.0
) -> AsyncIterator[tuple[Talk, Callable[[], "asyncio.Task[None]"]]]:
    """A socket, and what has its bridge begin to end."""
    async with scripted.serving() as port, contextlib.AsyncExitStack() as stack:
        bridge = limited_bridge(monkeypatch, f"127.0.0.1:{port}", drain_seconds=drain_seconds)
        url = await stack.enter_async_context(bridge)
        async with talking(url) as talk:
            yield talk, lambda: asyncio.create_task(stack.aclose())


async def test_when_the_bridge_drains_streams_end_and_resume_elsewhere(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with draining(scripted, monkeypatch) as (talk, drain):
        await watch(talk, "a", "b")
        ended = drain()
        ends: dict[str, Said] = {}
        while len(ends) < 2:
            heard = await talk.hear()
            if "end" in heard:
                ends[heard["id"]] = heard["end"]
        assert {(end["code"], end["details"][0]["reason"]) for end in ends.values()} == {
            ("UNAVAILABLE", "SERVER_DRAINING")
        }
        assert (await talk.closed())[0] == 1001
        await ended
    assert scripted.left == {"a", "b"}


async def test_when_the_bridge_drains_answers_under_way_are_still_given_and_no_call_begins(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with draining(scripted, monkeypatch) as (talk, drain):
        await talk.call("late", TOKENS)
        await scripted.asked.wait()
        await watch(talk, "w")
        ended = drain()
        while "end" not in await talk.hear():
            pass
        await talk.call("new", WATCH)
        refused = await talk.hear()
        assert (refused["id"], refused["end"]["details"][0]["reason"]) == ("new", "SERVER_DRAINING")
        scripted.go.set()
        assert [await talk.hear(), await talk.hear()] == [
            {"id": "late", "message": {}},
            {"id": "late", "end": {"code": "OK"}},
        ]
        assert (await talk.closed())[0] == 1001
        await ended


async def test_when_the_bridge_drains_an_answer_that_does_not_come_is_not_waited_for(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with draining(scripted, monkeypatch, drain_seconds=0.2) as (talk, drain):
        await talk.call("never", TOKENS)
        await scripted.asked.wait()
        ended = drain()
        _, end = await talk.rest()
        assert end["code"] == "UNAVAILABLE"
        assert (await talk.closed())[0] == 1001
        await ended


async def test_when_the_bridge_drains_a_socket_without_calls_is_closed_at_once(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with draining(scripted, monkeypatch) as (talk, drain):
        await talk.say({"ping": {}})
        await talk.hear()
        ended = drain()
        assert await talk.closed() == (1001, "this bridge is stopping; resume on another one")
        await ended
