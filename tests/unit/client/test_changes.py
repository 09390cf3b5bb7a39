"""Orders are withdrawn and changed, and the answer is the truth."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import grpc
import pytest

import fillwire
from fillwire import CancelResult, Kind, Limit
from fillwire.v1 import order_pb2, order_service_pb2
from tests.unit.client.messages import ACCEPTED, ORDER_ID, ORDERS, REQUEST_ID, info, order, timestamp
from tests.unit.client.wires import Wires

CANCELLED = order_service_pb2.CancelOrderResponse(
    order=order("CANCELLED", 3), result=order_service_pb2.CANCEL_RESULT_CANCELLED
)


@pytest.fixture
def wires() -> Wires:
    return Wires()


def resting() -> order_pb2.Order:
    """A limit order that rests, bound to a quote that is long over."""
    rests = order("RESTING", 2)
    rests.spec.limit.limit_price = "170"
    rests.spec.quote_id = "used"
    rests.spec.max_price_impact_bps = 100
    return rests


def read(wires: Wires, message: order_pb2.Order) -> fillwire.Order:
    asking = wires.begin(lambda: wires.client.get(ORDER_ID))
    wires.answer(ORDERS, "GetOrder", order_service_pb2.GetOrderResponse(order=message))
    found: fillwire.Order = asking.result()
    return found


@pytest.mark.parametrize("result", [result for result in CancelResult if result is not CancelResult.UNKNOWN])
def test_a_cancel_says_what_became_of_it(result: CancelResult, wires: Wires) -> None:
    cancelling = wires.begin(lambda: wires.client.cancel(ORDER_ID))
    number = order_service_pb2.CancelResult.Value(f"CANCEL_RESULT_{result}")
    answer = order_service_pb2.CancelOrderResponse(order=order("CANCELLED", 3), result=number)
    assert wires.answer(ORDERS, "CancelOrder", answer).order_id == ORDER_ID
    cancellation: fillwire.Cancellation = cancelling.result()
    assert (cancellation.result, cancellation.order.last_seq) == (result, 3)


def test_a_lost_answer_to_a_cancel_is_asked_for_again(wires: Wires) -> None:
    rests = read(wires, resting())
    cancelling = wires.begin(lambda: wires.client.cancel(rests))
    wires.refuse(ORDERS, "CancelOrder", grpc.StatusCode.DEADLINE_EXCEEDED)
    wires.answer(ORDERS, "CancelOrder", CANCELLED)
    assert cancelling.result().result is CancelResult.CANCELLED


def test_all_open_orders_are_cancelled_or_those_that_pass_the_filters(wires: Wires) -> None:
    cancelling = wires.begin(lambda: wires.client.cancel_all(token_in="SOL", types=[Kind.LIMIT, Kind.OCO]))
    answer = order_service_pb2.CancelAllOrdersResponse(cancelled=3, pending=1)
    request = wires.answer(ORDERS, "CancelAllOrders", answer)
    assert (request.token_in, request.token_out, list(request.types)) == ("SOL", "", [2, 9])
    assert cancelling.result() == fillwire.Cancellations(3, 1)


def test_what_cannot_filter_is_a_type_error_and_what_no_order_is_a_violation(wires: Wires) -> None:
    wrong: Any = {"statuses": []}
    with pytest.raises(TypeError, match="'statuses'"):
        wires.client.cancel_all(**wrong)
    with pytest.raises(fillwire.InvalidRequest, match="no order is of type UNKNOWN"):
        wires.client.cancel_all(types=[Kind.UNKNOWN])


@pytest.mark.parametrize(("seconds", "asked"), [(60, 60.0), (2.5, 2.5), (None, 0.0)])
def test_the_dead_mans_switch_is_set_and_taken_off(seconds: float | None, asked: float, wires: Wires) -> None:
    setting = wires.begin(lambda: wires.client.cancel_all_after(seconds))
    answer = order_service_pb2.CancelAllOrdersAfterResponse(cancel_time=timestamp(ACCEPTED) if seconds else None)
    request = wires.answer(ORDERS, "CancelAllOrdersAfter", answer)
    assert (request.HasField("timeout"), request.timeout.ToTimedelta()) == (True, timedelta(seconds=asked))
    assert setting.result() == (ACCEPTED if seconds else None)


@pytest.mark.parametrize("seconds", [0, 0.0004, -1, float("nan")])
def test_no_span_takes_the_switch_off_by_mistake(seconds: float, wires: Wires) -> None:
    with pytest.raises(fillwire.InvalidRequest, match="timeout: must be at least 1 s; None takes the switch off"):
        wires.client.cancel_all_after(seconds)


def test_a_replace_keeps_the_terms_that_are_not_given_and_holds_for_the_order_as_it_was_read(wires: Wires) -> None:
    rests = read(wires, resting())
    replacing = wires.begin(
        lambda: wires.client.replace(rests, type=Limit("171.5"), max_price_impact_bps=None, amount_in="2")
    )
    changed = resting()
    changed.spec.limit.limit_price = "171.5"
    request = wires.answer(ORDERS, "ReplaceOrder", order_service_pb2.ReplaceOrderResponse(order=changed))
    assert (request.order_id, request.if_last_seq, UUID(request.request_id).version) == (ORDER_ID, 2, 4)
    spec = request.spec
    assert (spec.token_in, spec.amount_in, spec.slippage_bps) == ("SOL", "2000000000", 50)
    assert (spec.limit.limit_price, spec.quote_id) == ("171.5", "")
    assert not spec.HasField("max_price_impact_bps")
    assert replacing.result().spec.type == Limit(Decimal("171.5"))


def test_a_replace_by_id_reads_the_order_first_and_may_hold_for_whatever_it_is(wires: Wires) -> None:
    replacing = wires.begin(
        lambda: wires.client.replace(ORDER_ID, amount_out="240", if_last_seq=None, request_id=REQUEST_ID)
    )
    wires.answer(ORDERS, "GetOrder", order_service_pb2.GetOrderResponse(order=resting()))
    request = wires.answer(ORDERS, "ReplaceOrder", order_service_pb2.ReplaceOrderResponse(order=resting()))
    replacing.result()
    assert (request.HasField("if_last_seq"), request.request_id) == (False, REQUEST_ID)
    assert (request.spec.WhichOneof("amount"), request.spec.amount_out) == ("amount_out", "240000000")


def test_a_retried_replace_repeats_its_request_id(wires: Wires) -> None:
    rests = read(wires, resting())
    replacing = wires.begin(lambda: wires.client.replace(rests, slippage_bps=40))
    first = wires.refuse(ORDERS, "ReplaceOrder", grpc.StatusCode.UNAVAILABLE)
    second = wires.answer(ORDERS, "ReplaceOrder", order_service_pb2.ReplaceOrderResponse(order=resting()))
    replacing.result()
    assert first == second


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("ORDER_NOT_RESTING", fillwire.OrderNotResting), ("ORDER_CHANGED", fillwire.OrderChanged)],
)
def test_a_replace_that_comes_too_late_says_so(reason: str, kind: type[fillwire.ApiError], wires: Wires) -> None:
    rests = read(wires, resting())
    replacing = wires.begin(lambda: wires.client.replace(rests, slippage_bps=40))
    wires.refuse(ORDERS, "ReplaceOrder", grpc.StatusCode.FAILED_PRECONDITION, "no", info(reason))
    with pytest.raises(kind) as caught:
        replacing.result()
    assert isinstance(caught.value, fillwire.FailedPrecondition)
