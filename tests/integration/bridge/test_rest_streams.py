"""Streams as Server-Sent Events and as lines of JSON, against a real server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from fillwire.settings import Settings
from fillwire_bridge.connections import Connection
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Accounts,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    OwnLimits,
    Pool,
    Status,
    Step,
)
from tests import builders
from tests.e2e.system import System
from tests.integration.bridge.sse import Told, read

SPEC = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "slippageBps": 5000}
STOP = {**SPEC, "stop": {"triggerPrice": "10"}}
LINES = {"Accept": "application/x-ndjson"}
WAY = [f"ORDER_STATUS_{one}" for one in ("PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED")]


@pytest.fixture
async def whole(system_bridge_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a bridge to an engine that executes orders."""
    async with httpx.AsyncClient(base_url=system_bridge_url, timeout=30, trust_env=False) as client:
        yield client


@asynccontextmanager
async def stream(http: httpx.AsyncClient, path: str, **options: Any) -> AsyncIterator[AsyncIterator[Told]]:
    async with http.stream("GET", path, **options) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        yield read(response)


async def everything(http: httpx.AsyncClient, path: str, **options: Any) -> list[Told]:
    async with stream(http, path, **options) as blocks:
        return [block async for block in blocks]


async def placed(http: httpx.AsyncClient, spec: dict[str, Any] = SPEC) -> str:
    order_id: str = (await http.post("/v1/orders", json={"spec": spec})).json()["order"]["orderId"]
    return order_id


async def ended(http: httpx.AsyncClient) -> str:
    """An order that has been executed; its log has five events."""
    order_id = await placed(http)
    await everything(http, f"/v1/orders/{order_id}/events")
    return order_id


def seqs(blocks: list[Told]) -> list[str]:
    return [block.id for block in blocks if block.id]


async def test_an_order_s_events_come_from_the_first_to_the_end(whole: httpx.AsyncClient) -> None:
    order_id = await placed(whole)
    blocks = [block for block in await everything(whole, f"/v1/orders/{order_id}/events") if block.data]
    snapshot, *events, end = blocks
    assert (snapshot.json["snapshot"]["orderId"], snapshot.id) == (order_id, "")
    assert [event.json["event"]["status"] for event in events] == WAY
    assert [event.id for event in events] == [event.json["event"]["seq"] for event in events] == list("12345")
    assert (end.event, end.json) == ("end", {"code": "OK"})


async def test_one_that_drops_after_each_event_and_resumes_gets_each_event_once(whole: httpx.AsyncClient) -> None:
    order_id = await placed(whole)
    seen: list[str] = []
    while len(seen) < len(WAY):
        headers = {"Last-Event-ID": seen[-1]} if seen else {}
        async with stream(whole, f"/v1/orders/{order_id}/events", headers=headers) as blocks:
            async for block in blocks:
                if block.id:
                    seen.append(block.id)
                    break
    assert seen == ["1", "2", "3", "4", "5"]


async def test_one_that_resumes_after_the_end_is_told_not_to_come_back(whole: httpx.AsyncClient) -> None:
    path = f"/v1/orders/{await ended(whole)}/events"
    over = await whole.get(path, headers={"Last-Event-ID": "5"})
    assert (over.status_code, over.content) == (204, b"")
    assert seqs(await everything(whole, path, headers={"Last-Event-ID": "4"})) == ["5"]
    # Who names the place in the address does not come back by itself.
    assert [block.event for block in await everything(whole, path, params={"after_seq": "5"})] == [
        "message",
        "message",
        "end",
    ]
    places: list[dict[str, Any]] = [{"headers": {"Last-Event-ID": "6"}}, {"params": {"after_seq": "6"}}]
    for place in places:
        beyond = await whole.get(path, **place)
        assert (beyond.status_code, beyond.json()["error"]["status"]) == (400, "OUT_OF_RANGE")


async def test_the_header_knows_better_than_the_address(whole: httpx.AsyncClient) -> None:
    path = f"/v1/orders/{await ended(whole)}/events?after_seq=1"
    assert seqs(await everything(whole, path)) == ["2", "3", "4", "5"]
    assert seqs(await everything(whole, path, headers={"Last-Event-ID": "3"})) == ["4", "5"]
    assert seqs(await everything(whole, path, headers={"Last-Event-ID": ""})) == ["2", "3", "4", "5"]
    refused = await whole.get(path, headers={"Last-Event-ID": "banana"})
    assert (refused.status_code, "Last-Event-ID" in refused.json()["error"]["message"]) == (400, True)


async def test_lines_of_json_are_the_same_frames(whole: httpx.AsyncClient) -> None:
    path = f"/v1/orders/{await ended(whole)}/events"
    answer = await whole.get(path, headers=LINES)
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    blocks = [block.json for block in await everything(whole, path) if block.data]
    assert lines == blocks[:-1]


async def test_final_events_alone_come_where_only_those_are_wanted(whole: httpx.AsyncClient) -> None:
    path = f"/v1/orders/{await ended(whole)}/events?terminal_only=true"
    assert seqs(await everything(whole, path)) == ["5"]


async def test_an_order_is_submitted_and_watched_in_one_request(whole: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": builders.request_id(), **LINES}
    answers = [
        await whole.post("/v1/orders:submitAndWatch", json={"order": {"spec": SPEC}}, headers=headers) for _ in range(2)
    ]
    first, again = [[json.loads(line) for line in answer.text.splitlines()] for answer in answers]
    assert [frame["event"]["status"] for frame in first if "event" in frame] == WAY
    assert first[0]["submitted"]["order"]["requestId"] == headers["Idempotency-Key"]
    assert again[0]["submitted"]["deduplicated"] is True


async def test_a_watcher_of_the_account_that_drops_after_each_event_gets_each_event_once(
    whole: httpx.AsyncClient,
) -> None:
    async with stream(whole, "/v1/events") as blocks:
        cursor = (await anext(block async for block in blocks if block.id)).id
    order_id = await placed(whole)
    seen: list[tuple[str, str]] = []
    while len(seen) < len(WAY):
        async with stream(whole, "/v1/events", headers={"Last-Event-ID": cursor}) as blocks:
            block = await anext(block async for block in blocks if block.data)
        cursor = block.id
        seen.append((block.json["event"]["orderId"], block.json["event"]["status"]))
    assert seen == [(order_id, status) for status in WAY]


async def test_what_happens_is_told_as_it_happens(http: httpx.AsyncClient) -> None:
    order_id = await placed(http, STOP)
    async with stream(http, f"/v1/orders/{order_id}/events") as blocks:
        assert [(await anext(blocks)).event for _ in range(2)] == ["message", "message"]
        assert [(await anext(blocks)).id for _ in range(2)] == ["1", "2"]
        await http.post(f"/v1/orders/{order_id}:cancel")
        assert (await anext(blocks)).json["event"]["status"] == "ORDER_STATUS_CANCELLED"
        assert (await anext(blocks)).event == "end"


async def test_a_heartbeat_is_a_comment_or_a_line_and_moves_the_cursor(http: httpx.AsyncClient) -> None:
    order_id = await placed(http, STOP)
    path = f"/v1/orders/{order_id}/events?heartbeat_interval=1s&after_seq=2"
    async with stream(http, path) as blocks:
        beat = await anext(block async for block in blocks if block.comments)
    assert (beat.comments, beat.data, beat.id) == (["heartbeat"], "", "")
    async with stream(http, "/v1/events?from_start=true&heartbeat_interval=1s") as blocks:
        beat = await anext(block async for block in blocks if block.comments)
    assert beat.id
    async with http.stream("GET", path, headers=LINES) as response:
        line = await anext(line async for line in response.aiter_lines() if "heartbeat" in line)
    assert json.loads(line) == {"heartbeat": {"lastSeq": "2"}}


async def test_prices_come_at_once(http: httpx.AsyncClient) -> None:
    async with stream(http, "/v1/prices?pairs=SOL/USDC") as blocks:
        price = await anext(block async for block in blocks if block.data)
    assert (price.json["pair"], price.id) == ("SOL/USDC", "")


async def test_a_stream_of_an_engine_that_is_silent_begins_all_the_same(
    system: System, whole: httpx.AsyncClient
) -> None:
    await whole.get("/v1/tokens")  # connects
    with system.paused(system.server):
        answer = await whole.send(whole.build_request("GET", "/v1/prices"), stream=True)
    assert answer.status_code == 200
    assert (await anext(block async for block in read(answer) if block.data)).json["midPrice"]
    await answer.aclose()


async def test_quotes_come_again_and_again(http: httpx.AsyncClient) -> None:
    query = "token_in=SOL&token_out=USDC&amount_in=1500000000&min_interval=0.1s&routing.max_legs=1"
    async with stream(http, f"/v1/quotes:stream?{query}") as blocks:
        quotes = [block async for block in _first(2, blocks)]
    assert [len(quote.json["quote"]["route"]["legs"]) for quote in quotes] == [1, 1]


async def _first(count: int, blocks: AsyncIterator[Told]) -> AsyncIterator[Told]:
    async for block in blocks:
        if block.data:
            yield block
            count -= 1
        if not count:
            return


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/orders/nonsense/events", 404),
        ("/v1/orders/nonsense/events?after_seq=x", 400),
        ("/v1/events?cursor=nonsense", 400),
        ("/v1/events?heartbeat_interval=0s", 400),
        ("/v1/prices?pairs=SOL", 400),
        ("/v1/quotes:stream?token_in=SOL", 400),
        ("/v1/quotes:stream?request.token_in=SOL", 400),
    ],
)
@pytest.mark.parametrize("headers", [{}, LINES], ids=["events", "lines"])
async def test_a_stream_that_is_refused_has_the_status_of_its_error(
    http: httpx.AsyncClient, path: str, status: int, headers: dict[str, str]
) -> None:
    refused = await http.get(path, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, status)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/event-stream"),
        ("text/event-stream", "text/event-stream"),
        ("application/json, text/*;q=0.5", "text/event-stream"),
        ("application/x-ndjson, */*", "application/x-ndjson"),
        ("Application/X-NDJSON; charset=utf-8", "application/x-ndjson"),
        ("text/event-stream;q=0.5, application/x-ndjson;q=0.6", "application/x-ndjson"),
        ("text/event-stream;q=0, */*;q=0.1", "application/x-ndjson"),
    ],
)
async def test_a_stream_comes_as_its_reader_accepts_it(http: httpx.AsyncClient, accept: str, media_type: str) -> None:
    async with http.stream("GET", "/v1/events", headers={"Accept": accept}) as response:
        assert response.headers["content-type"] == media_type


async def test_a_reader_that_accepts_neither_form_is_told_so(http: httpx.AsyncClient) -> None:
    for accept in ("application/json", "image/png, text/html", "", "text/event-stream;q=0", "*/*;q=0.0"):
        refused = await http.get("/v1/events", headers={"Accept": accept})
        assert (refused.status_code, refused.json()["error"]["status"]) == (406, "INVALID_ARGUMENT")


async def test_a_stream_lasts_as_long_as_its_reader_asks(http: httpx.AsyncClient) -> None:
    *_, end = await everything(http, "/v1/events", headers={"Request-Timeout": "0.2"})
    assert (end.event, end.json["code"]) == ("end", "DEADLINE_EXCEEDED")
    lines = (await http.get("/v1/events", headers={"Request-Timeout": "0.2", **LINES})).text.splitlines()
    assert json.loads(lines[-1])["error"]["code"] == 504


async def test_a_bridge_that_stops_tells_its_streams_and_they_resume_at_another(engine: str, journal: Journal) -> None:
    settings = BridgeSettings(listen="127.0.0.1:0")
    order = await builders.submitted(journal)
    begun = asyncio.Event()

    async def follow(http: httpx.AsyncClient) -> list[Told]:
        blocks = []
        async with stream(http, f"/v1/orders/{order.id}/events") as told:
            async for block in told:
                blocks.append(block)
                if block.id:
                    begun.set()
        return blocks

    async with httpx.AsyncClient(trust_env=False) as http:
        async with running_bridge(settings, Settings(engine)) as port:
            http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
            following = asyncio.create_task(follow(http))
            await asyncio.wait_for(begun.wait(), 10)
        *_, event, end = await following
    assert (end.event, end.json["code"], end.json["details"][0]["reason"]) == ("end", "UNAVAILABLE", "SERVER_DRAINING")
    claimed = await journal.claim(order.id, "w1")
    assert isinstance(claimed, Claimed)
    await journal.record(claimed.claim, Step(status=Status.FAILED, detail=Failure(FailureReason.NO_ROUTE, "none")))
    async with (
        running_bridge(settings, Settings(engine)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
    ):
        blocks = await everything(http, f"/v1/orders/{order.id}/events", headers={"Last-Event-ID": event.id})
    assert seqs(blocks) == ["2", "3"]


class TestOneStream:
    """An account that may have one stream at a time shows whether the engine's end of one has ended."""

    @pytest.fixture
    async def limited(self, pool: Pool) -> None:
        await Accounts(pool).limit(DEFAULT_ACCOUNT, OwnLimits(max_streams=1))

    async def test_a_reader_that_leaves_ends_the_engine_s_stream(self, limited: None, http: httpx.AsyncClient) -> None:
        async with stream(http, "/v1/events") as blocks:
            await anext(blocks)
            refused = await http.get("/v1/events")
            assert (refused.status_code, refused.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
        async with asyncio.timeout(10):
            while not await self._opens(http):
                await asyncio.sleep(0.05)

    async def _opens(self, http: httpx.AsyncClient) -> bool:
        async with http.stream("GET", "/v1/events") as response:
            return response.status_code == 200


async def test_a_reader_that_takes_nothing_is_cut_off_and_harms_nobody(
    http: httpx.AsyncClient, bridge_url: str, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "stuck_seconds", 0.5)
    said = "x" * 60_000
    for _ in range(200):
        claimed = await builders.claimed(journal)
        await journal.record(claimed.claim, Step(status=Status.FAILED, detail=Failure(FailureReason.NO_ROUTE, said)))
    with socket.socket() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", httpx.URL(bridge_url).port))
        stuck.sendall(b"GET /v1/events?from_start=true HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with stream(http, "/v1/events?from_start=true") as blocks:
            seen = [block.id async for block in _first(600, blocks)]
        assert len(set(seen)) == 600
        async with asyncio.timeout(30):
            while _open_calls():
                await asyncio.sleep(0.05)
        assert _left_to_read(stuck) < 200 * len(said)


def _open_calls() -> float:
    return REGISTRY.get_sample_value("bridge_open_calls", {"transport": "rest"}) or 0


def _left_to_read(stuck: socket.socket) -> int:
    size = 0
    while chunk := stuck.recv(65536):
        size += len(chunk)
    return size
