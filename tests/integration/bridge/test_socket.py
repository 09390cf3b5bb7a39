"""The WebSocket against the real engine: what is said, and what is answered."""

import asyncio
import json
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from grpc_status import rpc_status
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus

from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.market_service_pb2_grpc import MarketServiceStub
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_bridge import statuses
from fillwire_bridge.contract import METHODS
from fillwire_orders import Journal
from fillwire_orders.publisher import Publisher
from tests import builders
from tests.integration.bridge.talking import Talk, talking
from tests.integration.server.test_watching import claim, confirm

TOKENS = "MarketService/ListTokens"
WATCH = "OrderService/WatchOrder"
WATCH_ALL = "OrderService/WatchOrders"
SPEC = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "slippageBps": 50, "market": {}}


@pytest.fixture
async def talk(bridge_url: str) -> Any:
    async with talking(bridge_url) as talk:
        yield talk


async def test_an_answer_is_the_engines_own_as_json(talk: Talk, channel: grpc.aio.Channel) -> None:
    direct: Any = MarketServiceStub(channel)
    tokens = await direct.ListTokens(market.ListTokensRequest())
    assert await talk.ask(TOKENS) == ([json_format.MessageToDict(tokens)], {"code": "OK"})


async def test_an_order_is_submitted_and_followed(talk: Talk) -> None:
    messages, end = await talk.ask("OrderService/SubmitOrder", spec=SPEC)
    assert end == {"code": "OK"}
    assert messages[0]["order"]["status"] == "ORDER_STATUS_PENDING"
    await talk.call("w", WATCH, orderId=messages[0]["order"]["orderId"], afterSeq="0")
    assert "snapshot" in (await talk.hear())["message"]
    assert (await talk.hear())["message"]["event"]["seq"] == "1"


async def test_a_watch_says_each_event_when_it_happens_and_ends_with_the_last(
    talk: Talk, journal: Journal, publisher: Publisher
) -> None:
    order = await builders.submitted(journal)
    await talk.call("w", WATCH, orderId=order.id)
    assert "snapshot" in (await talk.hear())["message"]
    await confirm(journal, await claim(journal, order.id), publisher)
    messages, end = await talk.rest()
    assert [one["event"]["seq"] for one in messages if "event" in one] == ["2", "3", "4", "5"]
    assert end == {"code": "OK"}


async def test_an_error_of_the_engine_comes_whole(talk: Talk, channel: grpc.aio.Channel) -> None:
    direct: Any = OrderServiceStub(channel)
    request = pb.SubmitOrderRequest()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await direct.SubmitOrder(request)
    status = rpc_status.from_call(refused.value)  # type: ignore[arg-type]
    assert status is not None
    assert len(status.details) > 1
    assert await talk.ask("OrderService/SubmitOrder") == ([], statuses.as_json(status))


async def test_a_call_that_is_malformed_ends_and_no_other_does(talk: Talk) -> None:
    await talk.call("watch", WATCH_ALL)
    await talk.hear()
    await talk.call("typo", WATCH, orderId="x", after="3")
    refused = await talk.hear()
    assert (refused["id"], refused["end"]["code"]) == ("typo", "INVALID_ARGUMENT")
    assert refused["end"]["message"] == "after: there is no such field"
    assert refused["end"]["details"][1]["fieldViolations"] == [
        {"field": "after", "description": "there is no such field"}
    ]
    await talk.call("guess", "OrderService/Banana")
    unknown = await talk.hear()
    assert (unknown["id"], unknown["end"]["code"]) == ("guess", "UNIMPLEMENTED")
    await talk.say({"id": "watch", "cancel": {}})
    assert (await talk.hear())["end"]["code"] == "CANCELLED"


async def test_a_request_that_is_no_object_ends_its_call(talk: Talk) -> None:
    requests: list[object] = [None, [], 5, "x"]
    for request in requests:
        await talk.say({"id": "1", "call": TOKENS, "request": request})
        assert (await talk.hear())["end"]["message"] == "must be an object"


async def test_every_bad_field_of_a_call_is_named_at_once(talk: Talk) -> None:
    _, end = await talk.ask(WATCH, orderId=7, after="3", afterSeq=[])
    assert [one["field"] for one in end["details"][1]["fieldViolations"]] == ["order_id", "after", "after_seq"]


async def test_a_request_may_be_left_out(talk: Talk) -> None:
    await talk.say({"id": "1", "call": TOKENS})
    assert (await talk.rest())[1] == {"code": "OK"}


async def test_every_method_of_the_contract_can_be_called(talk: Talk) -> None:
    for name in METHODS:
        await talk.call(name, name)
        if name in {WATCH_ALL, "MarketService/WatchPrices"}:
            assert "message" in await talk.hear()
            await talk.say({"id": name, "cancel": {}})
        _, end = await talk.rest()
        assert end["code"] in {"OK", "INVALID_ARGUMENT", "CANCELLED"}, name


async def test_a_cancelled_call_ends_once_and_its_id_is_free_again(talk: Talk) -> None:
    for _ in range(3):
        await talk.call("1", WATCH_ALL)
        assert "message" in await talk.hear()
        await talk.say({"id": "1", "cancel": {}})
        await talk.say({"id": "1", "cancel": {}})
        assert (await talk.hear())["end"]["code"] == "CANCELLED"
    await talk.say({"ping": {}})
    assert await talk.hear() == {"pong": {}}


async def test_a_call_may_be_cancelled_with_the_very_next_message(talk: Talk) -> None:
    for number in range(50):
        await talk.call(str(number), WATCH_ALL)
        await talk.say({"id": str(number), "cancel": {}})
        while "end" not in (heard := await talk.hear()):
            assert heard["id"] == str(number)
        assert heard == {"id": str(number), "end": heard["end"]}
        assert heard["end"]["code"] == "CANCELLED"


async def test_a_cancel_of_nothing_is_answered_by_nothing(talk: Talk) -> None:
    await talk.ask(TOKENS)
    await talk.say({"id": "asked", "cancel": {}})
    await talk.say({"id": "never", "cancel": {}})
    await talk.say({"ping": {"id": "x"}})
    assert await talk.hear() == {"pong": {"id": "x"}}


async def test_an_id_is_echoed_as_it_is(talk: Talk) -> None:
    for name in ["1", "a b", '"\\', "\u20ac\U0001f4a3", "\x00", "\ud800", "x" * 64, "__proto__"]:
        await talk.call(name, TOKENS)
        assert [(await talk.hear())["id"], (await talk.hear())["id"]] == [name, name]


async def test_what_is_no_message_of_the_protocol_closes_the_socket_and_says_why(talk: Talk) -> None:
    await talk.say({"pong": {}})
    assert await talk.closed() == (
        4400,
        "a message has one of hello, call, cancel, ping, in the form that the protocol gives it",
    )


async def test_hello_is_the_first_message_or_none(talk: Talk) -> None:
    await talk.say({"ping": {}})
    await talk.say({"hello": {}})
    assert await talk.closed() == (4400, "hello is the first message, and said once")


async def test_an_id_that_is_in_use_closes_the_socket(talk: Talk) -> None:
    await talk.call("1", WATCH_ALL)
    await talk.call("1", WATCH_ALL)
    assert await talk.closed() == (4400, "the id '1' is in use")


async def test_a_binary_message_closes_the_socket(talk: Talk) -> None:
    await talk.socket.send(b"{}")
    assert (await talk.closed())[0] == 1003


@pytest.mark.parametrize("size", [1, 100_000])
async def test_a_message_of_more_than_64_kib_closes_the_socket(talk: Talk, size: int) -> None:
    await talk.say({"ping": {}})
    await talk.hear()
    await talk.socket.send(json.dumps({"id": "1", "call": TOKENS, "request": {"x": "y" * (64 * 1024 - 1 + size)}}))
    assert (await talk.closed())[0] == 1009


async def test_a_message_of_64_kib_is_heard(talk: Talk) -> None:
    frame = json.dumps({"id": "1", "call": TOKENS, "request": {"x": ""}})
    await talk.socket.send(frame.replace('""', '"' + "y" * (64 * 1024 - len(frame)) + '"'))
    assert (await talk.hear())["end"]["code"] == "INVALID_ARGUMENT"


async def test_a_text_that_is_no_unicode_closes_the_socket_without_a_traceback(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    await talk.socket.send(b'{"ping": "\xff"}', text=True)
    assert (await talk.closed())[0] == 1007
    assert not caplog.records


async def test_a_message_in_very_many_pieces_closes_the_socket(talk: Talk) -> None:
    await talk.socket.send(["{", *[""] * 100, "}"])
    assert await talk.closed() == (1009, "more than 64 fragments")


async def test_a_message_in_some_pieces_is_heard(talk: Talk) -> None:
    await talk.socket.send(['{"pi', 'ng": {', "}}"])
    assert await talk.hear() == {"pong": {}}


async def test_the_subprotocol_is_taken_where_it_is_offered(bridge_url: str) -> None:
    async with talking(bridge_url, subprotocols=["banana", "fillwire.v1+json"]) as talk:
        assert talk.socket.subprotocol == "fillwire.v1+json"
    async with talking(bridge_url, subprotocols=["banana"]) as talk:
        assert talk.socket.subprotocol is None


async def test_nothing_is_compressed(talk: Talk) -> None:
    assert talk.socket.protocol.extensions == []


async def test_a_page_of_a_foreign_origin_is_refused_before_the_upgrade(bridge_url: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with talking(bridge_url, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with talking(bridge_url, origin=bridge_url) as talk:
        await talk.say({"ping": {}})
        assert await talk.hear() == {"pong": {}}


async def test_one_line_of_a_socket_stays_in_the_log(bridge_url: str) -> None:
    with capture_logs() as lines:
        async with talking(bridge_url) as talk:
            await talk.ask(TOKENS)
            await talk.ask(TOKENS)
            await talk.say({})
            await talk.closed()
        async with asyncio.timeout(10):
            while not (told := [line for line in lines if line["event"] == "socket_ended"]):
                await asyncio.sleep(0.01)
    assert [(line["code"], line["calls"], line["messages"]) for line in told] == [(4400, 2, 2)]
