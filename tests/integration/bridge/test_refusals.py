"""What the bridge itself turns down is counted by its reason, whichever way it came in, and has a line in the log."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
import httpx
import pytest
import structlog
from prometheus_client import REGISTRY

from fillwire.settings import Settings
from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as pb
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from tests.integration.bridge.sse import read
from tests.integration.bridge.talking import limited_bridge, talking
from tests.integration.bridge.test_connections import WAIT_SECONDS, connected, say
from tests.integration.bridge.web import BINARY, Web, frame

TOKENS = "MarketService/ListTokens"
JSON = {"Content-Type": "application/json"}


def refused() -> Counter[str]:
    """How many were turned down so far, by reason."""
    samples = [one for metric in REGISTRY.collect() if metric.name == "bridge_refused" for one in metric.samples]
    return Counter({one.labels["reason"]: int(one.value) for one in samples if one.name == "bridge_refused_total"})


@contextmanager
def counted(expected: Mapping[str, int]) -> Iterator[None]:
    """The block is counted as this, and as nothing else."""
    before = refused()
    yield
    assert refused() - before == Counter(expected)


BY_JSON: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "/v1/orders", {"json": {"spec": 5}}, "INVALID_REQUEST"),
    ("POST", "/v1/orders", {"content": b"{", "headers": JSON}, "INVALID_REQUEST"),
    ("GET", "/v1/orders?banana=1", {}, "INVALID_REQUEST"),
    ("GET", "/v1/tokens", {"headers": {"Request-Timeout": "soon"}}, "INVALID_REQUEST"),
    ("GET", "/v1/events", {"headers": {"Accept": "image/png"}}, "NOT_ACCEPTABLE"),
    ("GET", "/v1/banana/%00/x", {}, "NOT_ROUTED"),
    ("DELETE", "/v1/orders", {}, "METHOD_NOT_ALLOWED"),
    ("POST", "/v1/orders", {"content": b"a=1", "headers": {"Content-Type": "text/plain"}}, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", "/v1/orders", {"content": bytes(65 * 1024), "headers": JSON}, "BODY_TOO_LARGE"),
    ("GET", "/v1/account", {"headers": [(b"Authorization", b"Bearer \xe9")]}, "API_KEY_INVALID"),
]


@pytest.mark.parametrize(("verb", "path", "options", "reason"), BY_JSON)
async def test_json_that_is_turned_down_is_counted_and_logged(
    http: httpx.AsyncClient, verb: str, path: str, options: dict[str, Any], reason: str
) -> None:
    with counted({reason: 1}), structlog.testing.capture_logs() as logs:
        assert (await http.request(verb, path, **options)).is_client_error
    (line,) = [line for line in logs if line["event"] == "request"]
    assert line["reason"] == reason


async def test_a_path_that_nothing_is_at_is_counted(http: httpx.AsyncClient) -> None:
    with counted({"NOT_ROUTED": 2}):
        assert (await http.get("/no/such/place")).status_code == 404
        assert (await http.get(f"/fillwire.v1.{TOKENS}")).status_code == 404


async def test_a_body_that_does_not_come_is_counted(bridge_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fillwire_bridge.bodies._SECONDS", 0.2)
    head = "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
    with counted({"BODY_TOO_SLOW": 1}):
        async with connected(bridge_url) as peer:
            await say(peer, head.encode())
            async with asyncio.timeout(WAIT_SECONDS):
                answer = await asyncio.get_running_loop().sock_recv(peer, 65536)
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("method", "body", "content_type", "reason"),
    [
        (TOKENS, b"", BINARY, "INVALID_REQUEST"),
        (TOKENS, bytes(65 * 1024), BINARY, "BODY_TOO_LARGE"),
        (TOKENS, frame(b""), "application/json", "UNSUPPORTED_MEDIA_TYPE"),
        ("OrderService/Nothing", frame(b""), BINARY, "NOT_SERVED"),
    ],
)
async def test_grpc_web_that_is_turned_down_is_counted_and_logged(
    http: httpx.AsyncClient, method: str, body: bytes, content_type: str, reason: str
) -> None:
    with counted({reason: 1}), structlog.testing.capture_logs() as logs:
        await http.post(f"/fillwire.v1.{method}", content=body, headers={"Content-Type": content_type})
    (line,) = [line for line in logs if line["event"] == "request"]
    assert line["reason"] == reason


async def test_calls_of_a_socket_that_are_turned_down_are_counted(bridge_url: str) -> None:
    with counted({"INVALID_REQUEST": 1, "NOT_SERVED": 2}):
        async with talking(bridge_url) as talk:
            assert (await talk.ask(TOKENS, banana=1))[1]["code"] == "INVALID_ARGUMENT"
            for name in ("OrderService/Nothing", "x" * 1000):
                assert (await talk.ask(name))[1]["code"] == "UNIMPLEMENTED"


async def test_one_call_too_many_is_counted_once(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with limited_bridge(monkeypatch, engine, max_calls=1) as url, talking(url) as talk:
        await talk.call("1", "OrderService/WatchOrders", fromStart=True)
        assert "message" in await talk.hear()
        with counted({"OPEN_CALLS": 1}):
            await talk.call("2", "OrderService/WatchOrders")
            while (heard := await talk.hear())["id"] != "2":
                pass
            assert heard["end"]["code"] == "RESOURCE_EXHAUSTED"


async def test_who_has_no_key_where_one_is_needed_is_counted_in_every_way(engine: str) -> None:
    settings = BridgeSettings(listen="0.0.0.0:0", insecure=True)
    async with running_bridge(settings, Settings(engine)) as port:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            with counted({"API_KEY_MISSING": 3}):
                assert (await http.get("/v1/tokens")).status_code == 401
                assert (await Web(http).ask(TOKENS, market.ListTokensRequest())).reason == "API_KEY_MISSING"
                async with talking(url) as talk:
                    await talk.call("1", TOKENS)
                    assert (await talk.closed())[0] == 4401


async def test_what_the_engine_turns_down_is_the_engines_to_count(http: httpx.AsyncClient) -> None:
    with counted({}):
        assert (await http.get("/v1/orders/nonsense")).status_code == 404
        assert (await http.get("/v1/orders/nonsense/events")).status_code == 404
        heard = await Web(http).ask("OrderService/GetOrder", pb.GetOrderRequest(order_id="nonsense"))
        assert heard.code == grpc.StatusCode.NOT_FOUND.value[0]


async def test_streams_that_a_bridge_ends_as_it_stops_were_let_in(engine: str) -> None:
    with counted({}):
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            async with running_bridge(BridgeSettings(listen="127.0.0.1:0"), Settings(engine)) as port:
                http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
                events = await http.send(http.build_request("GET", "/v1/events"), stream=True)
                blocks = read(events)
                await anext(blocks)
                web = Web(http).stream("OrderService/WatchOrders", pb.WatchOrdersRequest())
                heard = await web.__aenter__()
                frames = heard.frames()
                await anext(frames)
            assert [block.json["code"] async for block in blocks if block.event == "end"] == ["UNAVAILABLE"]
            assert [one async for one in frames] == []
            assert heard.reason == "SERVER_DRAINING"
            await web.__aexit__(None, None, None)
