"""What happens around every call, whatever its shape; tried on a servicer that misbehaves."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, cast

import grpc
import pytest
import structlog
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from prometheus_client import REGISTRY

from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_server.interceptors import Drain, Gate, capping, handlers, layers
from tests.integration.server.calls import refused

HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name
CHECK, WATCH = f"/{HEALTH}/Check", f"/{HEALTH}/Watch"

UNGUARDED = Gate(cast("Any", None))
"""Health asks nobody for a key, so the gate never looks for one."""

SERVED = {
    "fillwire.v1.OrderService": {
        "SubmitOrder",
        "WatchOrder",
        "SubmitAndWatchOrder",
        "WatchOrders",
        "GetOrder",
        "ListOrders",
        "CancelAllOrders",
        "CancelAllOrdersAfter",
        "CancelOrder",
        "ExplainOrder",
        "ReplaceOrder",
        "ReportExecution",
    },
    "fillwire.v1.MarketService": {"GetQuote", "StreamQuotes", "ListTokens", "ListVenues", "ListPools", "WatchPrices"},
    "fillwire.v1.AccountService": {"GetAccount", "CreateWebhook", "ListWebhooks", "UpdateWebhook", "DeleteWebhook"},
}


class Misbehaving:
    """Does what the name of the service it is asked about says."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def Check(self, request: HealthCheckRequest, context: Any) -> HealthCheckResponse:
        match request.service:
            case "hang":
                await asyncio.Event().wait()
            case "break":
                raise ZeroDivisionError("a secret of ours")
            case "time out inside":
                raise TimeoutError
            case _:
                pass
        return HealthCheckResponse(status=HealthCheckResponse.SERVING)

    async def Watch(self, request: HealthCheckRequest, context: Any) -> AsyncIterator[HealthCheckResponse]:
        try:
            yield HealthCheckResponse()
            if request.service == "break":
                raise ZeroDivisionError("a secret of ours")
            if request.service == "hang":
                await asyncio.Event().wait()
        finally:
            self.left.set()


@pytest.fixture
def drain() -> Drain:
    return Drain()


@pytest.fixture
def servicer() -> Misbehaving:
    return Misbehaving()


@pytest.fixture
async def raw(drain: Drain, servicer: Misbehaving) -> AsyncIterator[Any]:
    """A channel to a server that has the misbehaving servicer behind all layers."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([handlers(HEALTH, [servicer], layers(UNGUARDED, drain))])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    await server.stop(None)


def check(channel: Any, service: str = "", **options: Any) -> Any:
    return channel.unary_unary(CHECK, None, HealthCheckResponse.FromString)(
        HealthCheckRequest(service=service).SerializeToString(), **options
    )


def watch(channel: Any, service: str = "", **options: Any) -> Any:
    return channel.unary_stream(WATCH, None, HealthCheckResponse.FromString)(
        HealthCheckRequest(service=service).SerializeToString(), **options
    )


async def ended(call: Any) -> grpc.StatusCode:
    """How a call of any shape ends."""
    try:
        async for _ in call if hasattr(call, "__aiter__") else answer(call):
            pass
    except grpc.aio.AioRpcError as error:
        return error.code()
    return grpc.StatusCode.OK


async def answered(call: Any) -> grpc.StatusCode:
    """How a stream begins: OK as soon as there is a frame, for some never end."""
    try:
        await anext(aiter(call))
    except grpc.aio.AioRpcError as error:
        return error.code()
    call.cancel()
    return grpc.StatusCode.OK


async def answer(call: Any) -> AsyncIterator[Any]:
    yield await call


async def request_id_of(call: Any) -> str:
    return str(dict(await call.initial_metadata())["x-request-id"])


@pytest.mark.parametrize("shape", [check, watch])
async def test_every_call_is_named_in_its_initial_metadata(raw: Any, shape: Any) -> None:
    assert re.fullmatch("[0-9a-f]{32}", await request_id_of(shape(raw)))
    assert await request_id_of(shape(raw, metadata=(("x-request-id", "My.id:1_2-3"),))) == "My.id:1_2-3"


@pytest.mark.parametrize("bad", ["", "a b", "x" * 65, 'a"b'])
async def test_a_request_id_that_is_not_well_formed_is_replaced(raw: Any, bad: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", await request_id_of(check(raw, metadata=(("x-request-id", bad),))))


@pytest.mark.parametrize("shape", [check, watch])
async def test_a_bug_is_told_as_its_request_id_and_logged_with_its_traceback(raw: Any, shape: Any) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = await refused(shape(raw, "break", metadata=(("x-request-id", "req-1"),)))
    assert answer.code is grpc.StatusCode.INTERNAL
    assert answer.text == "internal error; request id req-1"
    assert answer.details["RequestInfo"].request_id == "req-1"
    assert [str(line["exc_info"]) for line in logs if line["event"] == "rpc_failed"] == ["a secret of ours"]


@pytest.mark.parametrize("shape", [check, watch])
@pytest.mark.parametrize("service", ["", "break"])
async def test_every_call_leaves_one_line_in_the_log(raw: Any, shape: Any, service: str) -> None:
    with structlog.testing.capture_logs() as logs:
        await ended(shape(raw, service))
        await check(raw)  # the line is written after the status is sent: one call later it is there
    lines = [line for line in logs if line["event"] == "rpc"]
    assert lines[0]["code"] == ("INTERNAL" if service else "OK")
    assert lines[0]["method"] in {CHECK[1:], WATCH[1:]}
    assert lines[0]["ms"] >= 0


@pytest.mark.parametrize("junk", [b"\xff\xff\xff", b"\x0a\x7fshort", b"\x0a\x01\xff", b"\x0b" * 40], ids=repr)
@pytest.mark.parametrize("path", [CHECK, WATCH])
async def test_bytes_that_are_no_message_are_an_invalid_argument(raw: Any, path: str, junk: bytes) -> None:
    call: Any = raw.unary_unary(path)(junk) if path == CHECK else raw.unary_stream(path)(junk)
    answer = await refused(call)
    assert (answer.code, answer.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "UNDECODABLE")
    assert answer.metadata == {"message": "grpc.health.v1.HealthCheckRequest"}


async def test_a_call_that_answers_once_ends_at_the_cap(
    monkeypatch: pytest.MonkeyPatch, drain: Drain, raw: Any
) -> None:
    monkeypatch.setattr(capping, "CAP_SECONDS", 0.05)
    answer = await refused(check(raw, "hang"))
    assert (answer.code, answer.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "TOO_SLOW")
    assert "RetryInfo" in answer.details


async def test_a_time_out_of_our_own_is_not_taken_for_the_cap(raw: Any) -> None:
    assert (await refused(check(raw, "time out inside"))).code is grpc.StatusCode.INTERNAL


async def test_a_stream_whose_client_leaves_is_closed_at_once(raw: Any, servicer: Misbehaving) -> None:
    call = watch(raw, "hang")
    await anext(aiter(call))
    call.cancel()
    async with asyncio.timeout(1):
        await servicer.left.wait()


async def test_draining_ends_streams_at_once_and_lets_single_calls_finish(
    raw: Any, drain: Drain, servicer: Misbehaving
) -> None:
    streams = [watch(raw, "hang") for _ in range(3)]
    for stream in streams:
        await anext(aiter(stream))
    drain.begin()
    async with asyncio.timeout(1):
        answers = [await refused(stream) for stream in streams]
    assert {(answer.code, answer.reason) for answer in answers} == {(grpc.StatusCode.UNAVAILABLE, "SERVER_DRAINING")}
    assert all("RetryInfo" in answer.details for answer in answers)
    assert servicer.left.is_set()
    assert (await check(raw)).status == HealthCheckResponse.SERVING
    assert (await refused(watch(raw))).reason == "SERVER_DRAINING"


async def test_calls_are_counted_by_method_and_code(raw: Any) -> None:
    def handled(code: str) -> float:
        labels = {"grpc_method": CHECK[1:], "grpc_code": code}
        return REGISTRY.get_sample_value("grpc_server_handled_total", labels) or 0.0

    before = handled("OK"), handled("INTERNAL")
    await check(raw)
    await refused(check(raw, "break"))
    await check(raw)  # counted after the status is sent: one call later they are
    assert handled("OK") - before[0] >= 1
    assert handled("INTERNAL") - before[1] == 1


@pytest.mark.parametrize(
    ("service", "method"),
    [
        (file.services_by_name[name].full_name, method.name)
        for file, name in (
            (order_service_pb2.DESCRIPTOR, "OrderService"),
            (market_service_pb2.DESCRIPTOR, "MarketService"),
            (account_service_pb2.DESCRIPTOR, "AccountService"),
        )
        for method in file.services_by_name[name].methods
    ],
)
async def test_every_method_is_served_or_says_that_it_is_not_yet(channel: Any, service: str, method: str) -> None:
    described = descriptor_pool.Default().FindServiceByName(service).methods_by_name[method]
    path = f"/{service}/{method}"
    call: Any = channel.unary_stream(path)(b"") if described.server_streaming else channel.unary_unary(path)(b"")
    code = await answered(call) if described.server_streaming else await ended(call)
    assert (code is not grpc.StatusCode.UNIMPLEMENTED) == (method in SERVED[service])
    assert code in {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNIMPLEMENTED}


async def test_a_message_beyond_the_limit_is_refused_and_the_connection_lives(channel: grpc.aio.Channel) -> None:
    orders = OrderServiceStub(channel)
    request = order_service_pb2.GetOrderRequest(order_id="x" * 70_000)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await orders.GetOrder(request)
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert not (await orders.ListOrders(order_service_pb2.ListOrdersRequest())).orders
