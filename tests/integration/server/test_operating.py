"""What an operator relies on: health, reflection, draining, one server to a port."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.market_service_pb2 import ListVenuesRequest
from fillwire.v1.market_service_pb2_grpc import MarketServiceStub
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders import Journal
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests import builders
from tests.integration.server.calls import refused

HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name
SERVICES = [
    "fillwire.v1.AccountService",
    "fillwire.v1.MarketService",
    "fillwire.v1.OrderService",
    HEALTH,
    "grpc.reflection.v1alpha.ServerReflection",
]


def health(channel: grpc.aio.Channel, service: str) -> Any:
    return channel.unary_unary(
        f"/{HEALTH}/Check", HealthCheckRequest.SerializeToString, HealthCheckResponse.FromString
    )(HealthCheckRequest(service=service))


def watch_health(channel: grpc.aio.Channel, service: str = "") -> Any:
    return channel.unary_stream(
        f"/{HEALTH}/Watch", HealthCheckRequest.SerializeToString, HealthCheckResponse.FromString
    )(HealthCheckRequest(service=service))


@pytest.mark.parametrize("service", ["", *SERVICES])
async def test_every_service_is_serving(channel: grpc.aio.Channel, service: str) -> None:
    assert (await health(channel, service)).status == HealthCheckResponse.SERVING


async def test_the_health_of_an_unknown_service_is_not_found_and_no_fault_of_ours(
    channel: grpc.aio.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await health(channel, "nothing")
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND
    assert "Traceback" not in caplog.text


async def test_health_follows_postgres(channel: grpc.aio.Channel, database_url: str, postgres: str) -> None:
    name = database_url.rpartition("/")[2]
    watch = watch_health(channel)
    assert (await anext(aiter(watch))).status == HealthCheckResponse.SERVING
    async with asyncio.timeout(20):
        with psycopg.connect(postgres, autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            assert (await anext(aiter(watch))).status == HealthCheckResponse.NOT_SERVING
            told = await refused(OrderServiceStub(channel).ListOrders(pb.ListOrdersRequest()))
            assert (told.code, told.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
            told = await refused(MarketServiceStub(channel).ListVenues(ListVenuesRequest()))
            # Where keys cannot be read any more, it is not even known who asks.
            assert told.code is grpc.StatusCode.UNAVAILABLE
            assert told.reason in {"MARKET_UNAVAILABLE", "STORE_UNAVAILABLE"}
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert (await anext(aiter(watch))).status == HealthCheckResponse.SERVING
    watch.cancel()


async def test_the_server_describes_its_contract(channel: grpc.aio.Channel) -> None:
    asked = [
        ServerReflectionRequest(list_services=""),
        *(
            ServerReflectionRequest(file_containing_symbol=f"fillwire.v1.{name}")
            for name in ("OrderService", "OrderService.SubmitOrder", "OrderSpec")
        ),
    ]
    call: Any = channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        ServerReflectionRequest.SerializeToString,
        ServerReflectionResponse.FromString,
    )(iter(asked))
    listed, *described = [answer async for answer in call]
    assert sorted(service.name for service in listed.list_services_response.service) == SERVICES
    assert all(one.file_descriptor_response.file_descriptor_proto for one in described)


async def test_reflection_can_be_turned_off(settings: ServerSettings) -> None:
    hidden = settings.model_copy(update={"reflection": False})
    async with running_server(hidden) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        describe: Any = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await anext(aiter(describe(iter([b""]))))
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_second_server_on_the_same_port_does_not_start(settings: ServerSettings) -> None:
    async with running_server(settings) as port:
        second = settings.model_copy(update={"listen": f"127.0.0.1:{port}"})
        with pytest.raises(OSError, match="cannot listen"):
            async with running_server(second):
                pass


async def test_draining_ends_watches_with_advice_and_turns_health_off(
    settings: ServerSettings, journal: Journal
) -> None:
    order = await builders.submitted(journal)
    async with running_server(settings) as port:
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        watch = OrderServiceStub(channel).WatchOrder(pb.WatchOrderRequest(order_id=order.id))
        await anext(aiter(watch))
        checks = watch_health(channel)
        await anext(aiter(checks))
    async with asyncio.timeout(1):
        told = await refused(watch)
        assert (told.code, told.reason) == (grpc.StatusCode.UNAVAILABLE, "SERVER_DRAINING")
        assert "RetryInfo" in told.details
        assert (await anext(aiter(checks))).status == HealthCheckResponse.NOT_SERVING
    await channel.close()


@asynccontextmanager
async def process(**changes: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[dict[str, Any]]]]:
    """A server process, and the lines of its log up to the one that says that it serves."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "fillwire_server"), env=os.environ | changes, stderr=asyncio.subprocess.PIPE
    )
    assert server.stderr
    lines: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(20):
            while line := await server.stderr.readline():
                if line.startswith(b"{"):  # gRPC's core writes lines of its own
                    lines.append(json.loads(line))
                if lines and lines[-1]["event"] == "server_ready":
                    break
        yield server, lines
    finally:
        if server.returncode is None:
            server.kill()
        await server.communicate()


async def test_a_process_told_to_stop_ends_its_watches_and_exits_in_time(
    settings: ServerSettings, journal: Journal
) -> None:
    order = await builders.submitted(journal)
    async with process() as (server, lines):
        async with grpc.aio.insecure_channel(f"127.0.0.1:{lines[-1]['port']}") as channel:
            watch = OrderServiceStub(channel).WatchOrder(pb.WatchOrderRequest(order_id=order.id))
            await anext(aiter(watch))
            server.send_signal(signal.SIGTERM)
            told = await refused(watch)
            assert told.reason == "SERVER_DRAINING"
        async with asyncio.timeout(10):
            _, rest = await server.communicate()
    assert server.returncode == 0
    events = [json.loads(line) for line in rest.splitlines() if line.startswith(b"{")]
    assert events[-1]["event"] == "server_stopped"
    assert [(line["order_id"], line["code"]) for line in events if line["event"] == "rpc"] == [
        (order.id, "UNAVAILABLE")
    ]


async def test_a_process_that_cannot_serve_says_why_and_exits(settings: ServerSettings) -> None:
    async with running_server(settings) as port, process(FILLWIRE_LISTEN=f"127.0.0.1:{port}") as (server, lines):
        assert lines[-1]["event"] == "server_cannot_start"
        assert await server.wait() == 1
