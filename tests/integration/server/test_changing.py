"""Withdrawing and replacing orders over the wire."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Journal, OrderId
from tests.integration.server.calls import refused
from tests.unit.server.requests import spec

if TYPE_CHECKING:
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

STOP = order_pb2.StopOrder(trigger_price="10")


def submit(**changes: Any) -> pb.SubmitOrderRequest:
    """An order that rests, which nobody has submitted before."""
    return pb.SubmitOrderRequest(spec=spec(**({"stop": STOP} | changes)), request_id=str(uuid.uuid4()))


async def rest(orders: "OrderServiceAsyncStub", **changes: Any) -> order_pb2.Order:
    return (await orders.SubmitOrder(submit(**changes))).order


async def test_an_order_that_waits_is_acknowledged_as_resting_and_watched_as_such(
    orders: "OrderServiceAsyncStub",
) -> None:
    order = await rest(orders, client_order_id="mine")
    assert (order.status, order.last_seq) == (order_pb2.ORDER_STATUS_RESTING, 2)
    call: Any = orders.WatchOrder(pb.WatchOrderRequest(order_id=order.order_id, after_seq=0))
    frames = [await call.read() for _ in range(3)]
    assert frames[0].snapshot == order
    assert [frame.event.status for frame in frames[1:]] == [
        order_pb2.ORDER_STATUS_PENDING,
        order_pb2.ORDER_STATUS_RESTING,
    ]
    assert frames[2].event.resting.trigger_price == "10"
    assert (frames[2].event.token_in, frames[2].event.token_out) == ("SOL", "USDC")
    assert frames[2].event.hash == order.hash
    await orders.CancelOrder(pb.CancelOrderRequest(order_id=order.order_id))
    last = await call.read()
    assert (last.event.status, last.event.failure.reason) == (
        order_pb2.ORDER_STATUS_CANCELLED,
        order_pb2.FAILURE_REASON_WITHDRAWN,
    )
    assert await call.read() == grpc.aio.EOF


async def test_cancelling_says_what_became_of_it_each_time(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    order = await rest(orders)
    first = await orders.CancelOrder(pb.CancelOrderRequest(order_id=order.order_id))
    again = await orders.CancelOrder(pb.CancelOrderRequest(order_id=order.order_id))
    assert (first.result, first.order.status) == (pb.CANCEL_RESULT_CANCELLED, order_pb2.ORDER_STATUS_CANCELLED)
    assert again == first
    held = (await orders.SubmitOrder(pb.SubmitOrderRequest(spec=spec()))).order
    await journal.claim(OrderId(held.order_id), "w1")
    pending = await orders.CancelOrder(pb.CancelOrderRequest(order_id=held.order_id))
    assert (pending.result, pending.order.cancel_requested) == (pb.CANCEL_RESULT_PENDING, True)


@pytest.mark.parametrize("order_id", ["", "nonsense", "123e4567-e89b-12d3-a456-426614174000"])
async def test_an_order_that_is_not_there_cannot_be_cancelled(orders: "OrderServiceAsyncStub", order_id: str) -> None:
    error = await refused(orders.CancelOrder(pb.CancelOrderRequest(order_id=order_id)))
    expected = grpc.StatusCode.NOT_FOUND if order_id else grpc.StatusCode.INVALID_ARGUMENT
    assert error.code is expected


async def test_all_open_orders_are_cancelled_or_those_that_fit(orders: "OrderServiceAsyncStub") -> None:
    sol, jup = await rest(orders), await rest(orders, token_in="JUP")
    none = await orders.CancelAllOrders(pb.CancelAllOrdersRequest(types=[order_pb2.ORDER_TYPE_LIMIT]))
    assert (none.cancelled, none.pending) == (0, 0)
    some = await orders.CancelAllOrders(pb.CancelAllOrdersRequest(token_in="JUP"))
    assert some.cancelled == 1
    assert (await orders.GetOrder(pb.GetOrderRequest(order_id=jup.order_id))).order.status == (
        order_pb2.ORDER_STATUS_CANCELLED
    )
    assert (await orders.CancelAllOrders(pb.CancelAllOrdersRequest())).cancelled == 1
    assert (await orders.GetOrder(pb.GetOrderRequest(order_id=sol.order_id))).order.failure.message


async def test_the_dead_man_s_switch_is_set_and_taken_off(orders: "OrderServiceAsyncStub") -> None:
    on = await orders.CancelAllOrdersAfter(pb.CancelAllOrdersAfterRequest(timeout=Duration(seconds=60)))
    assert on.cancel_time.ToDatetime(UTC) > datetime.now(UTC) + timedelta(seconds=30)
    off = await orders.CancelAllOrdersAfter(pb.CancelAllOrdersAfterRequest(timeout=Duration()))
    assert not off.HasField("cancel_time")
    for bad in (pb.CancelAllOrdersAfterRequest(), pb.CancelAllOrdersAfterRequest(timeout=Duration(seconds=86_401))):
        error = await refused(orders.CancelAllOrdersAfter(bad))
        assert error.fields == ["timeout"]


async def test_a_resting_order_is_replaced_in_place(orders: "OrderServiceAsyncStub") -> None:
    order = await rest(orders)
    change = pb.ReplaceOrderRequest(
        order_id=order.order_id,
        spec=spec(stop=order_pb2.StopOrder(trigger_price="9"), amount_in="5"),
        if_last_seq=order.last_seq,
        request_id=str(uuid.uuid4()),
    )
    replaced = (await orders.ReplaceOrder(change)).order
    assert (replaced.order_id, replaced.last_seq, replaced.spec.amount_in) == (order.order_id, 3, "5")
    assert (await orders.ReplaceOrder(change)).order == replaced
    log = (await orders.ExplainOrder(pb.ExplainOrderRequest(order_id=order.order_id))).events
    assert log[-1].replaced.spec == replaced.spec
    assert log[-1].replaced.request_id == change.request_id
    change.spec.amount_in = "6"
    error = await refused(orders.ReplaceOrder(change))
    assert (error.code, error.reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    change.request_id = ""
    error = await refused(orders.ReplaceOrder(change))
    assert (error.code, error.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "ORDER_CHANGED")


async def test_a_replacement_repeated_after_its_deadline_answers_as_before(orders: "OrderServiceAsyncStub") -> None:
    order = await rest(orders)
    deadline = datetime.now(UTC) - timedelta(seconds=1.5)  # not yet past: clocks may differ by two
    change = pb.ReplaceOrderRequest(
        order_id=order.order_id, spec=spec(stop=STOP, amount_in="5"), request_id=str(uuid.uuid4())
    )
    change.spec.deadline.FromDatetime(deadline)
    replaced = (await orders.ReplaceOrder(change)).order
    anew = pb.ReplaceOrderRequest(order_id=order.order_id, spec=change.spec)
    while datetime.now(UTC) < deadline + timedelta(seconds=2.1):
        await asyncio.sleep(0.05)
    assert (await orders.ReplaceOrder(change)).order == replaced
    error = await refused(orders.ReplaceOrder(anew))
    assert (error.code, error.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["spec.deadline"])
    change.spec.amount_in = "6"
    assert (await refused(orders.ReplaceOrder(change))).code is grpc.StatusCode.ALREADY_EXISTS


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"token_in": "JUP"}, "spec.token_in"),
        ({"token_out": "JUP"}, "spec.token_out"),
        ({"limit": order_pb2.LimitOrder(limit_price="1")}, "spec.type"),
        ({"stop": order_pb2.StopOrder(trigger_price="-1")}, "spec.stop.trigger_price"),
        ({"amount_in": "0"}, "spec.amount_in"),
        ({"quote_id": "q"}, "spec.quote_id"),
    ],
    ids=repr,
)
async def test_new_terms_keep_tokens_and_type_and_are_as_right_as_any(
    orders: "OrderServiceAsyncStub", changes: dict[str, Any], field: str
) -> None:
    order = await rest(orders)
    wanted = pb.ReplaceOrderRequest(order_id=order.order_id, spec=spec(**({"stop": STOP} | changes)))
    error = await refused(orders.ReplaceOrder(wanted))
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert field in error.fields


async def test_an_order_that_rests_no_more_keeps_its_terms(orders: "OrderServiceAsyncStub") -> None:
    order = await rest(orders)
    await orders.CancelOrder(pb.CancelOrderRequest(order_id=order.order_id))
    error = await refused(orders.ReplaceOrder(pb.ReplaceOrderRequest(order_id=order.order_id, spec=spec(stop=STOP))))
    assert (error.code, error.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "ORDER_NOT_RESTING")
    assert dict(error.metadata)["status"] == "CANCELLED"
