"""gRPC-Web against the real engine: what passes, as it is; what does not, and what its caller is told."""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.rpc import error_details_pb2  # type: ignore[import-untyped]
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.market_service_pb2_grpc import MarketServiceStub
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders import AccountId, Journal, Keys, Pool, Scope
from fillwire_orders.publisher import Publisher
from tests import builders
from tests.integration.bridge.conftest import PEPPER
from tests.integration.bridge.web import BINARY, TEXT, Web, frame
from tests.integration.server.calls import refused
from tests.integration.server.test_watching import claim, confirm
from tests.unit.server.requests import submit

BUF = Path(sys.executable).with_name("buf")
PROTO = Path("proto")
TOKENS = "MarketService/ListTokens"
ASK_TOKENS = market.ListTokensRequest()


@pytest.fixture(params=[BINARY, TEXT])
def web(http: httpx.AsyncClient, request: pytest.FixtureRequest) -> Web:
    """Both ways in which clients read."""
    return Web(http, request.param)


@pytest.fixture
def binary(http: httpx.AsyncClient) -> Web:
    return Web(http)


async def test_an_answer_passes_as_it_is(web: Web, channel: grpc.aio.Channel) -> None:
    heard = await web.ask(TOKENS, ASK_TOKENS)
    direct: Any = MarketServiceStub(channel)
    assert heard.messages == [(await direct.ListTokens(ASK_TOKENS)).SerializeToString()]
    assert heard.trailers == {"grpc-status": "0"}
    assert heard.response.headers["content-type"] == web.content_type


async def test_the_encoding_may_be_left_unsaid(http: httpx.AsyncClient) -> None:
    for said in ("application/grpc-web", "application/grpc-web; charset=utf-8", "Application/gRPC-Web+Proto"):
        assert (await Web(http, said).ask(TOKENS, ASK_TOKENS)).code == 0, said


async def test_every_message_of_a_stream_is_there_before_the_stream_ends(
    web: Web, journal: Journal, publisher: Publisher
) -> None:
    order = await builders.submitted(journal)
    async with (
        asyncio.timeout(30),
        web.stream("OrderService/WatchOrder", pb.WatchOrderRequest(order_id=order.id, after_seq=0)) as heard,
    ):
        frames = heard.frames()
        assert pb.WatchOrderResponse.FromString(await anext(frames)).snapshot.order_id == order.id
        assert await seq(frames) == 1
        claimed = await claim(journal, order.id)  # and only now is there a second one
        assert await seq(frames) == 2
        assert not heard.trailers
        await confirm(journal, claimed, publisher)
        rest = [pb.WatchOrderResponse.FromString(message).event.seq async for message in frames]
    assert rest == [3, 4, 5]
    assert heard.code == 0


async def test_a_failed_call_brings_the_engines_details_whole(web: Web, channel: grpc.aio.Channel) -> None:
    bad = submit(token_in="SOL", token_out="SOL", amount_in="-5")
    heard = await web.ask("OrderService/SubmitOrder", bad)
    direct = await refused(OrderServiceStub(channel).SubmitOrder(bad))
    assert heard.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert heard.text == heard.status.message == direct.text
    fields = error_details_pb2.BadRequest()
    assert heard.status.details[1].Unpack(fields)
    assert sorted(one.field for one in fields.field_violations) == direct.fields


async def test_a_stream_that_fails_says_so_in_its_trailers(web: Web) -> None:
    heard = await web.ask(
        "OrderService/WatchOrder", pb.WatchOrderRequest(order_id="0198c0de-0000-7000-8000-000000000000")
    )
    assert (heard.code, heard.reason) == (grpc.StatusCode.NOT_FOUND.value[0], "ORDER_NOT_FOUND")


async def test_the_engines_trailers_come_with_an_answer(binary: Web) -> None:
    heard = await binary.ask("OrderService/SubmitOrder", submit())
    assert pb.SubmitOrderResponse.FromString(heard.messages[0]).order.order_id
    assert heard.trailers["x-ratelimit-limit"] == "1000"


async def test_health_is_served_too(web: Web) -> None:
    heard = await web.ask("/grpc.health.v1.Health/Check", HealthCheckRequest(service="fillwire.v1.OrderService"))
    assert HealthCheckResponse.FromString(heard.messages[0]).status == HealthCheckResponse.SERVING


async def test_a_caller_is_who_his_key_says(web: Web, pool: Pool, journal: Journal) -> None:
    order = await builders.submitted(journal)
    key = await Keys(pool).create(AccountId("acme"), [Scope.READ], PEPPER)
    asked = pb.GetOrderRequest(order_id=order.id)
    mine = await web.ask("OrderService/GetOrder", asked, authorization=f"Bearer {key.text}")
    nobodys = await web.ask("OrderService/GetOrder", asked, authorization="Bearer fw_nothing_of_the_kind")
    keyless = await web.ask("OrderService/GetOrder", asked)
    assert (mine.code, mine.reason) == (grpc.StatusCode.NOT_FOUND.value[0], "ORDER_NOT_FOUND")
    assert (nobodys.code, nobodys.reason) == (grpc.StatusCode.UNAUTHENTICATED.value[0], "API_KEY_INVALID")
    assert keyless.code == grpc.StatusCode.UNAUTHENTICATED.value[0]


async def test_a_key_that_no_header_can_carry_is_not_valid(binary: Web) -> None:
    heard = await binary.ask(TOKENS, ASK_TOKENS, authorization="Bearer " + "x" * 5000)
    assert (heard.code, heard.reason) == (grpc.StatusCode.UNAUTHENTICATED.value[0], "API_KEY_INVALID")


async def test_a_callers_deadline_is_the_engines(binary: Web, journal: Journal) -> None:
    order = await builders.submitted(journal)
    watched = pb.WatchOrderRequest(order_id=order.id, after_seq=0)
    heard = await binary.ask("OrderService/WatchOrder", watched, grpc_timeout="200m")
    assert heard.code == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
    assert len(heard.messages) == 2


async def test_a_deadline_that_has_passed_is_not_taken_for_none(binary: Web) -> None:
    heard = await binary.ask("OrderService/WatchOrders", pb.WatchOrdersRequest(), grpc_timeout="0n")
    assert heard.code == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]


async def test_a_deadline_out_of_form_is_refused(binary: Web) -> None:
    heard = await binary.ask(TOKENS, ASK_TOKENS, grpc_timeout="soon")
    assert heard.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert heard.text.startswith("grpc-timeout: ")


async def test_a_body_that_is_not_one_message_is_refused(web: Web) -> None:
    heard = await web.send(TOKENS, b"\0")
    assert (heard.code, heard.reason) == (grpc.StatusCode.INVALID_ARGUMENT.value[0], "INVALID_REQUEST")


async def test_text_may_come_in_padded_pieces(http: httpx.AsyncClient) -> None:
    framed = frame(market.ListPoolsRequest(venue="nowhere").SerializeToString())
    pieces = base64.b64encode(framed[:1]) + base64.b64encode(framed[1:6]) + base64.b64encode(framed[6:])
    whole, inpieces = [
        await Web(http, TEXT).send("MarketService/ListPools", one) for one in (base64.b64encode(framed), pieces)
    ]
    assert whole.status == inpieces.status
    assert whole.reason == "INVALID_REQUEST"
    assert "base64" not in whole.text


async def test_a_message_that_is_none_of_the_methods_is_told_by_the_engine(binary: Web) -> None:
    heard = await binary.send(TOKENS, frame(b"\xff\xff\xff"))
    assert (heard.code, heard.reason) == (grpc.StatusCode.INVALID_ARGUMENT.value[0], "UNDECODABLE")


async def test_a_body_larger_than_the_engine_takes_is_refused(web: Web) -> None:
    heard = await web.send(TOKENS, bytes(64 * 1024 + 1))
    assert (heard.code, heard.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED.value[0], "BODY_TOO_LARGE")


async def test_another_content_type_is_not_spoken(http: httpx.AsyncClient) -> None:
    for other in ("application/json", "application/grpc", "application/grpc-web+json", "text/plain", ""):
        answer = await http.post(f"/fillwire.v1.{TOKENS}", content=frame(b""), headers={"content-type": other})
        assert answer.status_code == 415, other


async def test_a_method_that_is_not_in_the_contract_is_not_implemented(binary: Web) -> None:
    for method in ("OrderService/Nothing", "NothingService/GetOrder", "/grpc.health.v1.Health/Nothing"):
        assert (await binary.ask(method, ASK_TOKENS)).code == grpc.StatusCode.UNIMPLEMENTED.value[0], method


async def test_reflection_is_not_relayed(http: httpx.AsyncClient) -> None:
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    answer = await http.post(path, content=frame(b""), headers={"content-type": BINARY})
    assert answer.status_code in {404, 405}


async def test_a_request_keeps_its_id_all_the_way(binary: Web) -> None:
    heard = await binary.ask(TOKENS, ASK_TOKENS, x_request_id="my-own.1")
    other = await binary.ask(TOKENS, ASK_TOKENS, x_request_id="not well formed")
    assert heard.response.headers["x-request-id"] == "my-own.1"
    assert len(other.response.headers["x-request-id"]) == 32


async def test_buf_submits_and_watches(system_bridge_url: str) -> None:
    spec = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1000000", "slippage_bps": 5000}
    submitted = await buf(system_bridge_url, "OrderService/SubmitOrder", {"spec": spec})
    order_id = submitted[0]["order"]["orderId"]
    snapshot, *events = await buf(system_bridge_url, "OrderService/WatchOrder", {"order_id": order_id, "after_seq": 0})
    assert snapshot["snapshot"]["orderId"] == order_id
    assert [one["event"]["status"].removeprefix("ORDER_STATUS_") for one in events if "event" in one] == [
        "PENDING",
        "ROUTING",
        "BUILDING",
        "SUBMITTED",
        "CONFIRMED",
    ]


async def test_buf_reads_every_bad_field(bridge_url: str) -> None:
    with pytest.raises(AssertionError) as raised:
        await buf(bridge_url, "OrderService/SubmitOrder", {"spec": {"token_in": "SOL", "amount_in": "-5"}})
    told = str(raised.value)
    assert "invalid_argument" in told
    for name in ("spec.token_out", "spec.amount_in", "spec.slippage_bps"):
        assert name in told


async def seq(frames: AsyncIterator[bytes]) -> int:
    return pb.WatchOrderResponse.FromString(await anext(frames)).event.seq


async def buf(url: str, method: str, request: Any) -> list[Any]:
    """The messages that `buf curl` prints."""
    command = [str(BUF), "curl", "--protocol", "grpcweb", "--schema", str(PROTO), "-d", json.dumps(request)]
    ran = await asyncio.create_subprocess_exec(
        *command, f"{url}/fillwire.v1.{method}", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    async with asyncio.timeout(60):
        out, err = await ran.communicate()
    assert ran.returncode == 0, err.decode()
    decoder, text, found = json.JSONDecoder(), out.decode().strip(), []
    while text:
        message, end = decoder.raw_decode(text)
        found.append(message)
        text = text[end:].strip()
    return found
