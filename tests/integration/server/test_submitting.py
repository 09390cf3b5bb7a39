"""Submitting over the wire: durable, idempotent, and clear about what is wrong."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from redis import Redis

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.market_service_pb2 import ListVenuesRequest
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_orders import Pool
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests.integration.server.calls import refused
from tests.unit.server.requests import spec

if TYPE_CHECKING:
    from fillwire.v1.market_service_pb2_grpc import MarketServiceAsyncStub
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub


def submit(**changes: Any) -> pb.SubmitOrderRequest:
    """A request that nobody has made before."""
    return pb.SubmitOrderRequest(spec=spec(**changes), request_id=str(uuid.uuid4()))


async def stored(pool: Pool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT count(*) FROM fillwire.orders")).fetchone()
    assert row is not None
    return int(row[0])


async def test_an_acknowledged_order_is_stored_and_read_as_it_was_submitted(orders: "OrderServiceAsyncStub") -> None:
    request = submit(client_order_id="mine")
    answer = await orders.SubmitOrder(request)
    assert not answer.deduplicated
    assert answer.order.status == order_pb2.ORDER_STATUS_PENDING
    assert answer.order.spec.amount_in == request.spec.amount_in
    assert answer.order.spec.time_in_force == order_pb2.TIME_IN_FORCE_IOC
    assert answer.order.spec.WhichOneof("type") == "market"
    by_id = await orders.GetOrder(pb.GetOrderRequest(order_id=answer.order.order_id))
    by_request = await orders.GetOrder(pb.GetOrderRequest(request_id=request.request_id))
    assert by_id.order == by_request.order == answer.order


async def test_a_hundred_parallel_submits_with_one_request_id_make_one_order(
    orders: "OrderServiceAsyncStub", pool: Pool
) -> None:
    request = submit()
    answers = await asyncio.gather(*(orders.SubmitOrder(request) for _ in range(100)))
    assert len({answer.order.order_id for answer in answers}) == 1
    assert sorted(answer.deduplicated for answer in answers) == [False] + [True] * 99
    assert await stored(pool) == 1


async def test_the_same_request_id_with_another_amount_already_exists_and_names_the_amount(
    orders: "OrderServiceAsyncStub", pool: Pool
) -> None:
    request = submit()
    first = await orders.SubmitOrder(request)
    request.spec.amount_in = "7"
    request.spec.slippage_bps = 51
    told = await refused(orders.SubmitOrder(request))
    assert told.code is grpc.StatusCode.ALREADY_EXISTS
    assert told.reason == "REQUEST_ID_REUSED"
    assert told.metadata["order_id"] == first.order.order_id
    assert told.fields == ["spec.amount_in", "spec.slippage_bps"]
    assert await stored(pool) == 1


async def test_the_same_order_in_other_words_is_the_same_order(orders: "OrderServiceAsyncStub") -> None:
    request = submit()
    first = await orders.SubmitOrder(request)
    request.spec.token_in = "sol"
    request.spec.market.SetInParent()
    request.spec.routing.SetInParent()
    again = await orders.SubmitOrder(request)
    assert (again.order, again.deduplicated) == (first.order, True)


async def test_a_request_repeated_after_its_deadline_answers_as_before(
    orders: "OrderServiceAsyncStub", pool: Pool
) -> None:
    past = Timestamp()
    past.FromDatetime(datetime.now(UTC) - timedelta(hours=1))
    request = submit()
    first = await orders.SubmitOrder(request)
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET deadline = %s", (past.ToDatetime(tzinfo=UTC),))
    request.spec.deadline.CopyFrom(past)
    again = await orders.SubmitOrder(request)
    assert again.deduplicated
    assert again.order.order_id == first.order.order_id
    request.spec.amount_in = "7"
    assert (await refused(orders.SubmitOrder(request))).code is grpc.StatusCode.ALREADY_EXISTS


async def test_a_new_order_after_its_deadline_is_refused(orders: "OrderServiceAsyncStub", pool: Pool) -> None:
    request = submit(deadline=Timestamp(seconds=1))
    for validate_only in (False, True):
        request.validate_only = validate_only
        told = await refused(orders.SubmitOrder(request))
        assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["spec.deadline"])
    assert await stored(pool) == 0


async def test_validating_only_checks_everything_and_stores_nothing(
    orders: "OrderServiceAsyncStub", pool: Pool
) -> None:
    request = submit()
    request.validate_only = True
    answer = await orders.SubmitOrder(request)
    assert answer.order.order_id == ""
    assert answer.order.spec.token_in == "SOL"
    request.spec.amount_in = "NaN"
    assert (await refused(orders.SubmitOrder(request))).fields == ["spec.amount_in"]
    assert await stored(pool) == 0


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        *(
            ({"amount_in": amount}, ["spec.amount_in"])
            for amount in ("-5", "0", "NaN", "1e30", "1e-19", "0x10", "true", "", "\u0661\u0662\u0663")
        ),
        ({"token_out": "SOL"}, ["spec.token_out"]),
        ({"token_in": "BANANA"}, ["spec.token_in"]),
        ({"time_in_force": 99}, ["spec.time_in_force"]),
        ({"client_order_id": "a\x00"}, ["spec.client_order_id"]),
        (
            {"routing": RoutingOptions(include_venues=["nowhere"]), "max_price_impact_bps": 2**32 - 1},
            ["spec.max_price_impact_bps", "spec.routing.include_venues[0]"],
        ),
        (
            {"amount_in": "-5", "token_in": "BANANA", "token_out": "", "slippage_bps": None},
            ["spec.amount_in", "spec.slippage_bps", "spec.token_in", "spec.token_out"],
        ),
    ],
    ids=repr,
)
async def test_a_bad_order_is_an_invalid_argument_that_names_every_bad_field(
    orders: "OrderServiceAsyncStub", pool: Pool, changes: dict[str, Any], fields: list[str]
) -> None:
    told = await refused(orders.SubmitOrder(submit(**changes)))
    assert told.code is grpc.StatusCode.INVALID_ARGUMENT
    assert (told.reason, told.domain) == ("INVALID_REQUEST", "fillwire.dev")
    assert told.fields == fields
    assert await stored(pool) == 0


async def test_an_order_that_waits_is_not_handed_to_the_workers(orders: "OrderServiceAsyncStub", pool: Pool) -> None:
    order = (await orders.SubmitOrder(submit(limit=order_pb2.LimitOrder(limit_price="150")))).order
    assert order.status == order_pb2.ORDER_STATUS_RESTING
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT due_at = 'infinity' FROM fillwire.orders")).fetchone()
    assert row == (True,)


async def test_the_worst_request_of_all_still_gets_its_answer(orders: "OrderServiceAsyncStub") -> None:
    crowd = RoutingOptions(include_venues=["\u00e4" * 500] * 16, exclude_venues=["\u00e4" * 500] * 16, max_legs=99)
    worst = submit(token_in="\u00e4" * 5000, amount_in="-" * 900, client_order_id="\x00" * 900, routing=crowd)
    worst.request_id = "\u00e4" * 500
    assert (await refused(orders.SubmitOrder(worst))).code is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_order_for_a_venue_there_is_is_taken(
    orders: "OrderServiceAsyncStub", market: "MarketServiceAsyncStub"
) -> None:
    name = (await market.ListVenues(ListVenuesRequest())).venues[0].name
    answer = await orders.SubmitOrder(submit(routing=RoutingOptions(include_venues=[name])))
    assert list(answer.order.spec.routing.include_venues) == [name]


async def test_a_stored_order_is_queued_and_its_repetition_is_not(settings: ServerSettings, redis_url: str) -> None:
    request = submit()
    queued = []
    with Redis.from_url(redis_url) as client:
        for _ in range(2):
            async with running_server(settings) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                await OrderServiceStub(channel).SubmitOrder(request)
            queued.append(client.llen("rq:queue:orders"))
            client.flushdb()
    assert queued == [1, 0]


async def test_without_redis_a_submit_is_acknowledged_at_once(settings: ServerSettings, pool: Pool) -> None:
    away = settings.model_copy(update={"redis_url": type(settings.redis_url)("redis://127.0.0.1:1/0")})
    async with running_server(away) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        answer = await OrderServiceStub(channel).SubmitOrder(submit(), timeout=2)
    assert answer.order.order_id
    assert await stored(pool) == 1
