"""An order tells its whole story: what each attempt chose, signed and came to."""

from typing import TYPE_CHECKING

import grpc
import msgspec

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Claim, Claimed, Failure, FailureReason, Journal, Status, Step, Transaction
from fillwire_orders.event import Built, Retrying, Submitted
from tests.builders import ROUTE, claimed, sent, submitted
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

MOVED = Failure(FailureReason.SLIPPAGE_EXCEEDED, "the price moved")


async def explained(orders: "OrderServiceAsyncStub", order_id: str) -> pb.ExplainOrderResponse:
    return await orders.ExplainOrder(pb.ExplainOrderRequest(order_id=order_id))


async def retried(journal: Journal, claim: Claim) -> Claimed:
    """The same order, in its next attempt."""
    step = Step(status=Status.RETRYING, detail=Retrying(claim.attempt, 3, 0.0, MOVED), delay=0.0)
    await journal.record(claim, step)
    again = await journal.claim(claim.order_id, "w1")
    assert isinstance(again, Claimed)
    return again


async def test_an_order_that_waits_has_no_attempt(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    told = await explained(orders, (await submitted(journal)).id)
    assert [event.seq for event in told.events] == [1]
    assert not told.attempts


async def test_an_attempt_has_its_route_and_signature(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    claim = await sent(journal)
    told = await explained(orders, claim.order_id)
    assert told.order.status == order_pb2.ORDER_STATUS_SUBMITTED
    assert [event.seq for event in told.events] == [1, 2, 3, 4]
    [attempt] = told.attempts
    assert (attempt.attempt, attempt.signature) == (1, "5ign")
    assert attempt.route.amount_out == str(ROUTE.amount_out)
    assert not attempt.HasField("failure")


async def test_each_attempt_says_why_it_came_to_nothing(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    again = await retried(journal, await sent(journal))
    await journal.record(again.claim, Step(status=Status.FAILED, detail=Failure(FailureReason.NO_ROUTE, "gone")))
    told = await explained(orders, again.claim.order_id)
    assert [one.attempt for one in told.attempts] == [1, 2]
    first, second = told.attempts
    assert (first.signature, first.failure.message) == ("5ign", "the price moved")
    assert (second.signature, second.failure.reason) == ("", order_pb2.FAILURE_REASON_NO_ROUTE)
    assert not second.HasField("route")


async def test_the_route_in_force_is_the_one_that_was_submitted(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    claim = (await claimed(journal)).claim
    first = Built(route=ROUTE, floor_amount_out=1)
    await journal.record(claim, Step(status=Status.BUILDING, detail=first, floor_amount_out=1))
    in_force = msgspec.structs.replace(ROUTE, amount_out=ROUTE.amount_out - 7)
    transaction = Transaction("5ign", 99, b"payload")
    detail = Submitted(transaction.signature, transaction.last_valid_slot, in_force)
    await journal.record(claim, Step(status=Status.SUBMITTED, detail=detail, transaction=transaction))
    [attempt] = (await explained(orders, claim.order_id)).attempts
    assert attempt.route.amount_out == str(ROUTE.amount_out - 7)


async def test_an_unknown_order_has_no_story(orders: "OrderServiceAsyncStub") -> None:
    nobodys = "0196a7a0-0000-7000-8000-000000000000"
    told = await refused(orders.ExplainOrder(pb.ExplainOrderRequest(order_id=nobodys)))
    assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "ORDER_NOT_FOUND")


async def test_a_story_is_told_of_some_order(orders: "OrderServiceAsyncStub") -> None:
    told = await refused(orders.ExplainOrder(pb.ExplainOrderRequest()))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["order_id"])
