"""A whole account over the wire, and an order from its submit to its end in one call."""

import asyncio
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    AccountId,
    AccountLog,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    OrderId,
    Pool,
    Status,
    Step,
)
from fillwire_orders.publisher import Publisher
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests import builders
from tests.integration.server.calls import refused
from tests.unit.server.requests import spec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

END = Step(status=Status.FAILED, detail=Failure(FailureReason.NO_ROUTE, "none"))


def submission(**changes: Any) -> pb.SubmitOrderRequest:
    return pb.SubmitOrderRequest(spec=spec(**changes), request_id=str(uuid.uuid4()))


async def fail(journal: Journal, order_id: str, publisher: Publisher | None = None) -> None:
    """Takes an order to its end, as a worker would."""
    answer = await journal.claim(OrderId(order_id), "w1")
    assert isinstance(answer, Claimed)
    assert answer.began is not None
    event = await journal.record(answer.claim, END)
    if publisher is not None:
        publisher.publish(answer.began, DEFAULT_ACCOUNT)
        publisher.publish(event, DEFAULT_ACCOUNT)


class Stream:
    """An account that is being watched."""

    def __init__(self, orders: "OrderServiceAsyncStub", **request: Any) -> None:
        self.call: Any = orders.WatchOrders(pb.WatchOrdersRequest(**request))

    async def take(self, count: int, *, seconds: float = 5) -> "Sequence[pb.WatchOrdersResponse]":
        """So many events more, whatever heartbeats come between."""
        taken: list[pb.WatchOrdersResponse] = []
        async with asyncio.timeout(seconds):
            while len(taken) < count:
                frame = await anext(aiter(self.call))
                if frame.HasField("event"):
                    taken.append(frame)
        return taken


@asynccontextmanager
async def watching(orders: "OrderServiceAsyncStub", **request: Any) -> "AsyncIterator[Stream]":
    """An account's stream that has had its first frame."""
    stream = Stream(orders, **request)
    first = await anext(aiter(stream.call))
    assert first.WhichOneof("frame") == "heartbeat"
    assert first.heartbeat.last_seq == 0
    assert first.cursor
    try:
        yield stream
    finally:
        stream.call.cancel()


def told(frames: "Sequence[pb.WatchOrdersResponse]") -> list[tuple[str, int]]:
    return [(frame.event.order_id, frame.event.seq) for frame in frames]


async def test_an_order_shows_in_its_account_s_stream_as_soon_as_it_is_submitted(
    orders: "OrderServiceAsyncStub",
) -> None:
    async with watching(orders) as stream:
        for _ in range(5):
            answer = await orders.SubmitOrder(submission(client_order_id="mine"))
            [frame] = await stream.take(1, seconds=0.6)  # by a message, not by the check of once a second
            assert frame.event.order_id == answer.order.order_id
            assert (frame.event.token_in, frame.event.token_out, frame.event.client_order_id) == ("SOL", "USDC", "mine")
            assert len(frame.event.hash) == 32


async def test_the_account_s_stream_and_the_order_s_tell_the_same(
    orders: "OrderServiceAsyncStub", journal: Journal, publisher: Publisher
) -> None:
    async with watching(orders) as stream:
        order_id = (await orders.SubmitOrder(submission())).order.order_id
        await fail(journal, order_id, publisher)
        events = [frame.event for frame in await stream.take(3)]
    watch = orders.WatchOrder(pb.WatchOrderRequest(order_id=order_id, after_seq=0))
    assert events == [frame.event async for frame in watch if frame.HasField("event")]


async def test_a_stream_is_resumed_at_another_server_where_it_was_left(
    orders: "OrderServiceAsyncStub", settings: ServerSettings, journal: Journal
) -> None:
    for _ in range(3):
        await fail(journal, (await builders.submitted(journal)).id)
    async with watching(orders, from_start=True) as stream:
        frames = await stream.take(9)
    async with running_server(settings) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        elsewhere: Any = OrderServiceStub(channel)
        for number, frame in enumerate(frames[:-1], 1):
            async with watching(elsewhere, cursor=frame.cursor) as stream:
                assert told(await stream.take(9 - number)) == told(frames[number:])


async def test_a_stream_s_filters_hold_all_at_once(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    order_ids = []
    for token_in, reference in (("SOL", "a"), ("JUP", "a"), ("SOL", "b")):
        answer = await orders.SubmitOrder(submission(token_in=token_in, client_order_id=reference))
        order_ids.append(answer.order.order_id)
        await fail(journal, order_ids[-1])
    wish: dict[str, Any] = {"token_in": "sol", "token_out": "USDC", "client_order_id": "b", "terminal_only": True}
    async with watching(orders, from_start=True, **wish) as stream:
        [frame] = await stream.take(1)
        assert told([frame]) == [(order_ids[-1], 3)]
    statuses = [order_pb2.ORDER_STATUS_ROUTING, order_pb2.ORDER_STATUS_FAILED]
    async with watching(orders, from_start=True, statuses=statuses) as stream:
        assert [frame.event.seq for frame in await stream.take(6)] == [2, 3] * 3


async def test_a_silent_account_says_that_it_is_alive_and_where_to_resume(
    orders: "OrderServiceAsyncStub", pool: Pool
) -> None:
    call = orders.WatchOrders(pb.WatchOrdersRequest(heartbeat_interval=Duration(seconds=1)))
    first, second = [await anext(aiter(call)) for _ in range(2)]
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('other')")
    third = await anext(aiter(call))
    call.cancel()
    assert isinstance(first, pb.WatchOrdersResponse)
    assert isinstance(second, pb.WatchOrdersResponse)
    assert isinstance(third, pb.WatchOrdersResponse)
    assert second.WhichOneof("frame") == third.WhichOneof("frame") == "heartbeat"
    assert third.cursor != first.cursor


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"cursor": "made up"}, "cursor"),
        ({"cursor": "A" * 52}, "cursor"),
        ({"cursor": "\u0661"}, "cursor"),
        ({"heartbeat_interval": Duration(seconds=61)}, "heartbeat_interval"),
        ({"statuses": [99]}, "statuses"),
        ({"token_in": "XXX"}, "token_in"),
        ({"token_out": "XXX"}, "token_out"),
        ({"client_order_id": "\x00"}, "client_order_id"),
    ],
    ids=repr,
)
async def test_a_bad_wish_names_its_field(orders: "OrderServiceAsyncStub", request_: Any, field: str) -> None:
    answer = await refused(orders.WatchOrders(pb.WatchOrdersRequest(**request_)))
    assert (answer.code, answer.fields) == (grpc.StatusCode.INVALID_ARGUMENT, [field])


async def test_a_cursor_of_another_account_is_out_of_range(orders: "OrderServiceAsyncStub", pool: Pool) -> None:
    foreign = await AccountLog(pool).begin(AccountId("other"))
    answer = await refused(orders.WatchOrders(pb.WatchOrdersRequest(cursor=foreign.text)))
    assert (answer.code, answer.reason) == (grpc.StatusCode.OUT_OF_RANGE, "CURSOR_FOREIGN")


async def test_of_another_account_s_orders_nothing_is_streamed(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('other')")
    await journal.submit(AccountId("other"), builders.request_id(), builders.terms())
    mine = await builders.submitted(journal)
    async with watching(orders, from_start=True) as stream:
        assert told(await stream.take(1)) == [(mine.id, 1)]


async def test_an_order_is_submitted_and_streamed_from_its_first_event_to_its_last(
    orders: "OrderServiceAsyncStub", journal: Journal, publisher: Publisher
) -> None:
    call: Any = orders.SubmitAndWatchOrder(pb.SubmitAndWatchOrderRequest(order=submission()))
    first = await anext(aiter(call))
    assert not first.submitted.deduplicated
    order_id = first.submitted.order.order_id
    await fail(journal, order_id, publisher)
    rest = [frame async for frame in call]
    assert [frame.WhichOneof("frame") for frame in rest] == ["event"] * 3
    assert [frame.event.seq for frame in rest] == [1, 2, 3]
    assert {(frame.event.token_in, frame.event.token_out) for frame in rest} == {("SOL", "USDC")}
    assert await call.code() is grpc.StatusCode.OK


async def test_a_repeated_submit_streams_the_order_that_is_there(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    order = submission()
    stored = (await orders.SubmitOrder(order)).order
    await fail(journal, stored.order_id)
    for final_only, expected in ((False, [1, 2, 3]), (True, [3])):
        call = orders.SubmitAndWatchOrder(pb.SubmitAndWatchOrderRequest(order=order, terminal_only=final_only))
        frames = [frame async for frame in call]
        assert frames[0].submitted.deduplicated
        assert frames[0].submitted.order.order_id == stored.order_id
        assert [frame.event.seq for frame in frames[1:]] == expected


async def test_a_submitted_order_that_stands_still_gives_heartbeats(orders: "OrderServiceAsyncStub") -> None:
    asked = pb.SubmitAndWatchOrderRequest(order=submission(), heartbeat_interval=Duration(seconds=1))
    call: Any = orders.SubmitAndWatchOrder(asked)
    frames = [await anext(aiter(call)) for _ in range(3)]
    call.cancel()
    assert [frame.WhichOneof("frame") for frame in frames] == ["submitted", "event", "heartbeat"]
    assert frames[2].heartbeat.last_seq == 1


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (pb.SubmitAndWatchOrderRequest(), ["order"]),
        (
            pb.SubmitAndWatchOrderRequest(order=pb.SubmitOrderRequest(spec=spec(), validate_only=True)),
            ["order.validate_only"],
        ),
        (
            pb.SubmitAndWatchOrderRequest(order=submission(), heartbeat_interval=Duration(seconds=99)),
            ["heartbeat_interval"],
        ),
        (
            pb.SubmitAndWatchOrderRequest(order=submission(token_in="XXX", amount_in="-1")),
            ["order.spec.amount_in", "order.spec.token_in"],
        ),
    ],
    ids=lambda it: "" if isinstance(it, pb.SubmitAndWatchOrderRequest) else ",".join(it),
)
async def test_a_bad_order_to_be_streamed_names_its_fields_and_stores_nothing(
    orders: "OrderServiceAsyncStub", request_: pb.SubmitAndWatchOrderRequest, fields: list[str]
) -> None:
    answer = await refused(orders.SubmitAndWatchOrder(request_))
    assert (answer.code, answer.fields) == (grpc.StatusCode.INVALID_ARGUMENT, fields)
    assert not (await orders.ListOrders(pb.ListOrdersRequest())).orders


async def test_another_order_with_the_same_request_id_is_refused_here_too(orders: "OrderServiceAsyncStub") -> None:
    order = submission()
    await orders.SubmitOrder(order)
    order.spec.amount_in = "7"
    answer = await refused(orders.SubmitAndWatchOrder(pb.SubmitAndWatchOrderRequest(order=order)))
    assert (answer.code, answer.reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
