"""An engine that speaks TLS, and the bridge before it: what it trusts, what it shows of itself, and what it says else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import structlog
import trustme

from fillwire.settings import TLS, Settings
from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from tests.integration.bridge.certificates import Files
from tests.integration.bridge.sse import read
from tests.integration.bridge.talking import talking
from tests.integration.bridge.test_process import started
from tests.integration.bridge.web import Web

WAIT_SECONDS = 60
UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
SPEC: dict[str, Any] = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1000000", "slippage_bps": 50}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The engine's."""
    return Files(tmp_path / "engine")


@pytest.fixture
def own(tmp_path: Path) -> Files:
    """The bridge's, which it shows to the engine."""
    return Files(tmp_path / "bridge")


@pytest.fixture
def mutual() -> bool:
    """Whether the engine asks for the bridge's certificate."""
    return False


@pytest.fixture
def secured(files: Files, own: Files, mutual: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_TLS_CERT", str(files.chain))
    monkeypatch.setenv("FILLWIRE_TLS_KEY", str(files.key))
    if mutual:
        monkeypatch.setenv("FILLWIRE_TLS_CLIENT_CA", str(own.roots))


@pytest.fixture
def engine(secured: None, engine: str) -> str:
    return engine


@asynccontextmanager
async def bridged(engine: str, tls: TLS | None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a bridge that speaks to the engine so."""
    async with (
        asyncio.timeout(WAIT_SECONDS),
        running_bridge(BridgeSettings(listen="127.0.0.1:0"), Settings(engine, tls=tls)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_SECONDS, trust_env=False) as http,
    ):
        yield http


async def by_grpc_web(http: httpx.AsyncClient) -> str:
    request = pb.SubmitOrderRequest(spec=order_pb2.OrderSpec(**SPEC))
    heard = await Web(http).ask("OrderService/SubmitOrder", request)
    assert heard.code == 0, heard.text
    order_id = pb.SubmitOrderResponse.FromString(heard.messages[0]).order.order_id
    async with Web(http).stream(
        "OrderService/WatchOrder", pb.WatchOrderRequest(order_id=order_id, after_seq=0)
    ) as watch:
        frames = watch.frames()
        assert pb.WatchOrderResponse.FromString(await anext(frames)).snapshot.order_id == order_id
        assert pb.WatchOrderResponse.FromString(await anext(frames)).event.seq == 1
    return order_id


async def by_json(http: httpx.AsyncClient) -> str:
    submitted = await http.post("/v1/orders", json={"spec": SPEC})
    assert submitted.status_code == 201, submitted.text
    order_id: str = submitted.json()["order"]["orderId"]
    async with http.stream("GET", f"/v1/orders/{order_id}/events") as response:
        assert (await anext(block async for block in read(response) if block.id)).id == "1"
    return order_id


async def by_socket(http: httpx.AsyncClient) -> str:
    async with talking(str(http.base_url).rstrip("/")) as talk:
        (answer,), end = await talk.ask("OrderService/SubmitOrder", spec=SPEC)
        assert end == {"code": "OK"}
        order_id: str = answer["order"]["orderId"]
        await talk.call("1", "OrderService/WatchOrder", orderId=order_id, afterSeq="0")
        assert (await talk.hear())["message"]["snapshot"]["orderId"] == order_id
        assert (await talk.hear())["message"]["event"]["seq"] == "1"
    return order_id


WAYS: Sequence[Callable[[httpx.AsyncClient], Awaitable[str]]] = [by_grpc_web, by_json, by_socket]


@pytest.mark.parametrize("mutual", [False, True], ids=["of the engine", "of both"])
async def test_orders_are_placed_and_watched_in_every_way(engine: str, files: Files, own: Files, mutual: bool) -> None:
    tls = TLS(roots=files.roots, cert=own.chain, key=own.key) if mutual else TLS(roots=files.roots)
    async with bridged(engine, tls) as http:
        placed = [await way(http) for way in WAYS]
        listed = (await http.get("/v1/orders")).json()["orders"]
        assert (await http.get("/readyz")).json() == {"status": "SERVING"}
    assert sorted(order["orderId"] for order in listed) == sorted(placed)


@pytest.mark.parametrize("mutual", [True])
async def test_the_process_takes_its_files_from_the_environment(engine: str, files: Files, own: Files) -> None:
    environment = {
        "FILLWIRE_TARGET": engine,
        "FILLWIRE_TLS": "1",
        "FILLWIRE_TLS_ROOTS": str(files.roots),
        "FILLWIRE_TLS_CLIENT_CERT": str(own.chain),
        "FILLWIRE_TLS_CLIENT_KEY": str(own.key),
    }
    async with started(**environment) as bridge:
        port = (await bridge.said("bridge_ready"))["port"]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_SECONDS) as http:
            assert (await http.get("/readyz")).json() == {"status": "SERVING"}
            assert await by_json(http)


async def codes(http: httpx.AsyncClient) -> Mapping[str, Any]:
    """What calls are answered, one that answers once and a stream in every way."""
    async with talking(str(http.base_url).rstrip("/")) as talk:
        by_socket = [
            (await talk.ask(method))[1]["code"] for method in ("MarketService/ListTokens", "OrderService/WatchOrders")
        ]
    by_web = [
        (await Web(http).ask("MarketService/ListTokens", pb.GetOrderRequest())).code,
        (await Web(http).ask("OrderService/WatchOrders", pb.WatchOrdersRequest())).code,
    ]
    by_json = [(await http.get(path)).status_code for path in ("/v1/tokens", "/v1/events")]
    ready = await http.get("/readyz")
    return {
        "socket": by_socket,
        "gRPC-Web": by_web,
        "JSON": by_json,
        "ready": (ready.status_code, ready.json()["status"]),
    }


AWAY = {
    "socket": ["UNAVAILABLE"] * 2,
    "gRPC-Web": [UNAVAILABLE.value[0]] * 2,
    "JSON": [503] * 2,
    "ready": (503, "UNAVAILABLE"),
}


def told(logs: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What the log says of the engine."""
    return [(line["event"], line["log_level"]) for line in logs if line["event"].startswith("engine_")]


async def test_an_engine_of_an_authority_that_is_not_trusted_is_unavailable(engine: str, own: Files) -> None:
    with structlog.testing.capture_logs() as logs:
        async with bridged(engine, TLS(roots=own.roots)) as http:
            assert await codes(http) == AWAY
            assert (await http.get("/healthz")).json() == {"status": "ALIVE"}
    assert told(logs) == [("engine_unreachable", "warning")]
    (line,) = [line for line in logs if line["event"] == "engine_unreachable"]
    assert "CERTIFICATE_VERIFY_FAILED" in line["reason"]
    assert line["target"] == engine


@pytest.mark.parametrize("mutual", [True])
@pytest.mark.parametrize("shown", ["none", "of another authority"])
async def test_an_engine_that_wants_another_certificate_is_unavailable(
    engine: str, files: Files, own: Files, shown: str
) -> None:
    own.put(trustme.CA().issue_cert("bridge"))
    tls = TLS(roots=files.roots) if shown == "none" else TLS(roots=files.roots, cert=own.chain, key=own.key)
    with structlog.testing.capture_logs() as logs:
        async with bridged(engine, tls) as http:
            assert await codes(http) == AWAY
    assert told(logs) == [("engine_unreachable", "warning")]


async def test_plaintext_is_not_understood(engine: str) -> None:
    with structlog.testing.capture_logs() as logs:
        async with bridged(engine, None) as http:
            assert await codes(http) == AWAY
    assert told(logs) == [("engine_unreachable", "warning")]


async def test_an_engine_that_comes_to_be_trusted_is_reached_without_a_restart(
    engine: str, files: Files, own: Files
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with bridged(engine, TLS(roots=own.roots)) as http:
            assert (await http.get("/v1/tokens")).status_code == 503
            files.put(own.authority.issue_cert("127.0.0.1"))
            while not (await http.get("/readyz")).is_success:
                await asyncio.sleep(0.05)
            assert await by_json(http)
    assert told(logs) == [("engine_unreachable", "warning"), ("engine_reached", "info")]


async def test_files_that_are_not_there_keep_the_bridge_from_starting(engine: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.pem"):
        async with bridged(engine, TLS(roots=tmp_path / "none.pem")):
            pass
