"""An order tells its whole story: what each attempt chose, signed and came to."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import grpc
import msgspec
import pytest

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Changes,
    Claim,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    OrderId,
    OrderType,
    Pool,
    Reader,
    Status,
    Step,
    TimeInForce,
    Transaction,
)
from fillwire_orders.conditions import Limit
from fillwire_orders.event import Built, Candidate, Fired, Resting, Retrying, Submitted
from fillwire_orders.publisher import Publisher
from tests.builders import ROUTE, claimed, sent, submitted
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub


@pytest.fixture
def changes(pool: Pool, publisher: Publisher) -> Changes:
    """How owners withdraw their orders."""
    return Changes(pool, Reader(pool), publisher)


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


async def fired(journal: Journal, pool: Pool, **changes: Any) -> Claimed:
    """A limit order in a worker's hands, which its price made execute."""
    resting = {"type": OrderType.LIMIT, "condition": Limit(Decimal(150), 1), "time_in_force": TimeInForce.GTC}
    order = await submitted(journal, **resting, **changes)
    why = Fired("LIMIT", order.created_at, price="150.25")
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.orders SET fired_at = created_at, fired = %s::jsonb WHERE id = %s",
            [msgspec.json.encode(why).decode(), order.id],
        )
    answer = await journal.claim(order.id, "w1")
    assert isinstance(answer, Claimed)
    return answer


async def test_an_order_that_had_rested_says_why_it_executed(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    claim = (await fired(journal, pool)).claim
    told = await explained(orders, claim.order_id)
    [attempt] = told.attempts
    assert (attempt.fired.condition, attempt.fired.price) == (order_pb2.ORDER_TYPE_LIMIT, "150.25")
    assert attempt.fired.time == told.order.create_time
    await retried(journal, claim)
    first, second = (await explained(orders, claim.order_id)).attempts
    assert (first.HasField("fired"), second.HasField("fired")) == (True, False)


async def test_an_attempt_after_which_the_order_rests_again_says_why_and_not_what_came_later(
    orders: "OrderServiceAsyncStub", journal: Journal, changes: Changes, pool: Pool
) -> None:
    claim = (await fired(journal, pool)).claim
    gone = Failure(FailureReason.LIMIT_NOT_MET, "the price had gone")
    await journal.record(claim, Step(status=Status.RESTING, detail=Resting(trigger_price="150", cause=gone)))
    await changes.cancel(DEFAULT_ACCOUNT, OrderId(claim.order_id))
    told = await explained(orders, claim.order_id)
    assert told.order.failure.reason == order_pb2.FAILURE_REASON_WITHDRAWN
    [attempt] = told.attempts
    assert (attempt.failure.reason, attempt.failure.message) == (
        order_pb2.FAILURE_REASON_LIMIT_NOT_MET,
        "the price had gone",
    )


async def test_what_ends_an_order_that_waits_for_a_retry_is_not_the_attempts(
    orders: "OrderServiceAsyncStub", journal: Journal, changes: Changes
) -> None:
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.RETRYING, detail=Retrying(1, 3, 60.0, MOVED), delay=60.0))
    await changes.cancel(DEFAULT_ACCOUNT, OrderId(claim.order_id))
    [attempt] = (await explained(orders, claim.order_id)).attempts
    assert attempt.failure.message == "the price moved"


async def test_an_exact_output_tells_what_it_would_take(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    claim = (await claimed(journal, amount_in=None, amount_out=240_000_000)).claim
    quotes = (Candidate(venue="v", pool="p", amount_in=1_600_000_000, reason="outpriced"),)
    route = msgspec.structs.replace(ROUTE, exact_out=True, best_single_amount_in=1_600_000_000, candidates=quotes)
    built = Built(route=route, ceiling_amount_in=1_510_000_000)
    await journal.record(claim, Step(status=Status.BUILDING, detail=built, ceiling_amount_in=1_510_000_000))
    told = await explained(orders, claim.order_id)
    [attempt] = told.attempts
    assert (attempt.route.lower_bound, attempt.route.upper_bound) == (str(ROUTE.bound), "")
    assert attempt.route.best_single_amount_in == attempt.route.candidates[0].amount_in == "1600000000"
    assert told.order.ceiling_amount_in == told.events[-1].building.ceiling_amount_in == "1510000000"
