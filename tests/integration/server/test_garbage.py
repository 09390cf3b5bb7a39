"""Whatever bytes a client sends, it gets an answer that is about what it sent."""

import random
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import market_service_pb2, order_pb2, order_service_pb2
from fillwire.v1.route_pb2 import RoutingOptions
from tests.unit.server.requests import submit

ROUTING = RoutingOptions(max_legs=3, max_hops=1, exclude_venues=["nowhere"])
LATER = Timestamp(seconds=4_000_000_000, nanos=7000)
ORDER_ID = "01890a5d-ac96-774b-bcce-b302099a8057"

REQUESTS: dict[str, Message] = {
    "OrderService/SubmitOrder": submit(
        min_amount_out="1",
        max_price_impact_bps=9,
        client_order_id="mine",
        time_in_force=1,
        routing=ROUTING,
        deadline=LATER,
    ),
    "OrderService/WatchOrder": order_service_pb2.WatchOrderRequest(
        order_id=ORDER_ID, after_seq=3, heartbeat_interval=Duration(seconds=15)
    ),
    "OrderService/GetOrder": order_service_pb2.GetOrderRequest(order_id=ORDER_ID),
    "OrderService/ListOrders": order_service_pb2.ListOrdersRequest(
        page_size=3,
        page_token="AfYz",
        statuses=[order_pb2.ORDER_STATUS_FAILED],
        token_in="SOL",
        client_order_id="mine",
        create_time_from=LATER,
    ),
    "MarketService/GetQuote": market_service_pb2.GetQuoteRequest(
        token_in="SOL", token_out="USDC", amount_in="1500000000", routing=ROUTING
    ),
}

FAULT_OF_OURS = {grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL}


def spoiled(message: Message, chance: random.Random) -> bytes:
    """The message's bytes, with some changed, left out or doubled."""
    raw = bytearray(message.SerializeToString())
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                raw[at] ^= 1 << chance.randrange(8)
            case 2:
                del raw[at : at + chance.randint(1, 4)]
                raw += b"\0" * (not raw)
            case _:
                raw[at:at] = raw[at : at + chance.randint(1, 9)]
    return bytes(raw)


@pytest.mark.parametrize("method", REQUESTS)
async def test_no_bytes_bring_about_a_fault_of_ours(channel: Any, method: str) -> None:
    chance = random.Random(method)
    streams = method.endswith("WatchOrder")
    call = (channel.unary_stream if streams else channel.unary_unary)(f"/fillwire.v1.{method}")
    for _ in range(150):
        raw = spoiled(REQUESTS[method], chance)
        try:
            answer = call(raw, timeout=5)
            await (anext(aiter(answer)) if streams else answer)
        except grpc.aio.AioRpcError as error:
            assert error.code() not in FAULT_OF_OURS, raw  # noqa: PT017 - success is right, too
