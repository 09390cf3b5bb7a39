"""Watching over the wire: a snapshot, then every event once and in order, then the end."""

import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import (
    AccountId,
    Claim,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    OrderId,
    Pool,
    Status,
    Step,
    Transaction,
)
from fillwire_orders.event import Built, Receipt, Submitted
from fillwire_orders.publisher import Publisher
from tests import builders
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

RECEIPT = Receipt(
    signature="5ign",
    slot=9,
    amount_in=1_500_000_000,
    amount_out=240_000_000,
    price="160",
    quoted_amount_out=240_000_000,
    slippage_bps=0.0,
    legs=(),
    venue_seconds=0.0,
)


async def confirm(journal: Journal, claim: Claim, publisher: Publisher | None = None) -> None:
    """Takes an order that is in ROUTING to its end, as a worker would."""
    transaction = Transaction("5ign", 99, b"payload")
    for step in (
        Step(status=Status.BUILDING, detail=Built(route=builders.ROUTE, floor_amount_out=1), floor_amount_out=1),
        Step(status=Status.SUBMITTED, detail=Submitted("5ign", 99), transaction=transaction),
        Step(status=Status.CONFIRMED, detail=RECEIPT),
    ):
        event = await journal.record(claim, step)
        if publisher:
            publisher.publish(event)


async def claim(journal: Journal, order_id: str) -> Claim:
    answer = await journal.claim(OrderId(order_id), "w1")
    assert isinstance(answer, Claimed)
    return answer.claim


def seqs(frames: list[pb.WatchOrderResponse]) -> list[int]:
    return [frame.event.seq for frame in frames if frame.WhichOneof("frame") == "event"]


async def test_a_watch_that_begins_before_the_first_step_sees_every_step_and_ends(
    orders: "OrderServiceAsyncStub", journal: Journal, publisher: Publisher
) -> None:
    order = await builders.submitted(journal)
    watch = orders.WatchOrder(pb.WatchOrderRequest(order_id=order.id))
    first = await anext(aiter(watch))
    assert isinstance(first, pb.WatchOrderResponse)
    assert first.snapshot.order_id == order.id
    await confirm(journal, await claim(journal, order.id), publisher)
    rest = [frame async for frame in watch]
    assert seqs(rest) == [2, 3, 4, 5]
    assert rest[-1].event.status == order_pb2.ORDER_STATUS_CONFIRMED
    assert await watch.code() is grpc.StatusCode.OK


async def test_the_whole_history_of_a_final_order_can_be_had_afterwards(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    order = await builders.submitted(journal)
    await confirm(journal, await claim(journal, order.id))
    for after_seq, expected in ((0, [1, 2, 3, 4, 5]), (3, [4, 5]), (5, [])):
        request = pb.WatchOrderRequest(order_id=order.id, after_seq=after_seq)
        frames = [frame async for frame in orders.WatchOrder(request)]
        assert frames[0].WhichOneof("frame") == "snapshot"
        assert seqs(frames) == expected


async def test_the_receipt_in_the_stream_is_the_one_of_the_order(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    order = await builders.submitted(journal)
    await confirm(journal, await claim(journal, order.id))
    frames = [frame async for frame in orders.WatchOrder(pb.WatchOrderRequest(order_id=order.id, after_seq=4))]
    read = await orders.GetOrder(pb.GetOrderRequest(order_id=order.id))
    assert frames[-1].event.receipt == read.order.receipt
    assert read.order.receipt.engine_time.ToNanoseconds() > 0


async def test_only_the_final_event_comes_when_only_that_is_wanted(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    order = await builders.submitted(journal)
    held = await claim(journal, order.id)
    await journal.record(held, Step(status=Status.FAILED, detail=Failure(FailureReason.NO_ROUTE, "none")))
    request = pb.WatchOrderRequest(order_id=order.id, after_seq=0, terminal_only=True)
    frames = [frame async for frame in orders.WatchOrder(request)]
    assert [frame.WhichOneof("frame") for frame in frames] == ["snapshot", "event"]
    assert frames[1].event.failure.reason == order_pb2.FAILURE_REASON_NO_ROUTE


async def test_a_silent_stream_says_that_it_is_alive(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    order = await builders.submitted(journal)
    watch = orders.WatchOrder(pb.WatchOrderRequest(order_id=order.id, heartbeat_interval=Duration(seconds=1)))
    frames = [await anext(aiter(watch)) for _ in range(2)]
    watch.cancel()
    assert isinstance(frames[1], pb.WatchOrderResponse)
    assert frames[1].heartbeat.last_seq == 1


@pytest.mark.parametrize("order_id", ["made-up", "6a1c7f52-3d0e-4b7a-9a55-0c2f6d1e8b34", "\u0661", "x" * 50_000])
async def test_a_made_up_id_is_not_found(orders: "OrderServiceAsyncStub", order_id: str) -> None:
    for call in (
        orders.GetOrder(pb.GetOrderRequest(order_id=order_id)),
        orders.GetOrder(pb.GetOrderRequest(request_id=order_id)),
        orders.WatchOrder(pb.WatchOrderRequest(order_id=order_id)),
    ):
        told = await refused(call)
        assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "ORDER_NOT_FOUND")


async def test_an_id_left_out_is_an_invalid_argument(orders: "OrderServiceAsyncStub") -> None:
    assert (await refused(orders.GetOrder(pb.GetOrderRequest()))).fields == ["order_id"]
    assert (await refused(orders.GetOrder(pb.GetOrderRequest(request_id="")))).fields == ["request_id"]
    assert (await refused(orders.WatchOrder(pb.WatchOrderRequest()))).fields == ["order_id"]


async def test_an_order_of_another_account_and_an_absent_one_answer_alike(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('other')")
    foreign = (await journal.submit(AccountId("other"), builders.request_id(), builders.terms())).order
    absent = str(uuid.uuid4())
    calls = (
        lambda order_id: orders.GetOrder(pb.GetOrderRequest(order_id=order_id)),
        lambda order_id: orders.WatchOrder(pb.WatchOrderRequest(order_id=order_id)),
    )
    for call in calls:
        theirs, nobody_s = await refused(call(foreign.id)), await refused(call(absent))
        assert theirs.code is nobody_s.code is grpc.StatusCode.NOT_FOUND
        assert theirs.text.replace(foreign.id, absent) == nobody_s.text
    assert not (await orders.ListOrders(pb.ListOrdersRequest())).orders


@pytest.mark.parametrize("after_seq", [2, 2**31, 2**63 - 1])
async def test_a_watcher_that_has_seen_more_than_there_is_is_told_so(
    orders: "OrderServiceAsyncStub", journal: Journal, after_seq: int
) -> None:
    order = await builders.submitted(journal)
    told = await refused(orders.WatchOrder(pb.WatchOrderRequest(order_id=order.id, after_seq=after_seq)))
    assert (told.code, told.reason) == (grpc.StatusCode.OUT_OF_RANGE, "SEQ_IN_FUTURE")
    assert told.metadata == {"after_seq": str(after_seq), "last_seq": "1"}


async def test_a_watcher_that_leaves_does_not_take_the_other_s_events(
    orders: "OrderServiceAsyncStub", journal: Journal, publisher: Publisher
) -> None:
    order = await builders.submitted(journal)
    async with watching(orders, order.id) as stays:
        async with watching(orders, order.id):
            pass
        await confirm(journal, await claim(journal, order.id), publisher)
        assert seqs([frame async for frame in stays]) == [2, 3, 4, 5]


@asynccontextmanager
async def watching(
    orders: "OrderServiceAsyncStub", order_id: str
) -> "AsyncIterator[grpc.aio.UnaryStreamCall[pb.WatchOrderRequest, pb.WatchOrderResponse]]":
    """A watch that has had its snapshot."""
    watch = orders.WatchOrder(pb.WatchOrderRequest(order_id=order_id))
    await anext(aiter(watch))
    try:
        yield watch
    finally:
        watch.cancel()
