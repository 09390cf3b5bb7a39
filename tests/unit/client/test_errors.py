"""Whatever gRPC raises reaches the caller as one of the SDK's errors, with all that the engine said about it."""

from typing import Any

import grpc
import pytest

# It brings stubs, and no py.typed that would say so.
from google.rpc import error_details_pb2  # type: ignore[import-untyped]

import fillwire
from fillwire import errors
from fillwire.v1 import order_service_pb2
from fillwire.wire.failures import BY_REASON, BY_STATUS
from tests.unit.client.messages import ORDER_ID, ORDERS, bad_request, failure, info, order, retry_info
from tests.unit.client.wires import Wires


@pytest.fixture
def wires() -> Wires:
    return Wires(max_retries=0)


def refused(wires: Wires, code: grpc.StatusCode, message: str = "no", *details: Any) -> fillwire.ApiError:
    """What a caller of `get` catches when the engine answers so."""
    asking = wires.begin(lambda: wires.client.get("1"))
    wires.refuse(ORDERS, "GetOrder", code, message, *details)
    with pytest.raises(fillwire.ApiError) as caught:
        asking.result()
    return caught.value


ERRORS = [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]


@pytest.mark.parametrize("code", ERRORS)
def test_every_status_has_its_error(code: grpc.StatusCode, wires: Wires) -> None:
    error = refused(wires, code, "the reason why")
    assert type(error) is BY_STATUS[code]
    assert error.message == "the reason why"


@pytest.mark.parametrize("code", [code for code in ERRORS if code is not grpc.StatusCode.DATA_LOSS])
def test_the_code_of_an_error_is_the_name_of_its_status(code: grpc.StatusCode) -> None:
    assert BY_STATUS[code].code == code.name


def test_the_reason_and_its_values_come_from_the_error_info(wires: Wires) -> None:
    error = refused(wires, grpc.StatusCode.OUT_OF_RANGE, "too far", info("SEQ_IN_FUTURE", after_seq="9"))
    assert (error.reason, error.metadata) == ("SEQ_IN_FUTURE", {"after_seq": "9"})
    assert str(error) == "SEQ_IN_FUTURE: too far"


def test_every_bad_field_is_a_violation_and_the_error_a_value_error_too(wires: Wires) -> None:
    detail = bad_request(spec__amount_in="must be positive", request_id="must be a UUID")
    error = refused(wires, grpc.StatusCode.INVALID_ARGUMENT, "two fields", info("INVALID_REQUEST"), detail)
    assert error.violations == (
        fillwire.Violation("spec.amount_in", "must be positive"),
        fillwire.Violation("request_id", "must be a UUID"),
    )
    assert isinstance(error, ValueError)


def test_a_reused_request_id_names_the_fields_that_differ(wires: Wires) -> None:
    error = refused(
        wires, grpc.StatusCode.ALREADY_EXISTS, "other body", info("REQUEST_ID_REUSED", fields="amount_in,token_out")
    )
    assert isinstance(error, fillwire.RequestIdReused)
    assert error.fields == ("amount_in", "token_out")


def test_the_time_to_wait_comes_from_the_retry_info(wires: Wires) -> None:
    error = refused(wires, grpc.StatusCode.RESOURCE_EXHAUSTED, "slower", info("RATE_LIMITED"), retry_info(1.5))
    assert isinstance(error, fillwire.RateLimited)
    assert error.retry_after == 1.5


REASONS = {
    "ORDER_NOT_RESTING": (grpc.StatusCode.FAILED_PRECONDITION, fillwire.OrderNotResting, fillwire.FailedPrecondition),
    "ORDER_CHANGED": (grpc.StatusCode.FAILED_PRECONDITION, fillwire.OrderChanged, fillwire.FailedPrecondition),
    "QUOTE_EXPIRED": (grpc.StatusCode.FAILED_PRECONDITION, fillwire.QuoteExpired, fillwire.FailedPrecondition),
    "OPEN_ORDERS": (grpc.StatusCode.RESOURCE_EXHAUSTED, fillwire.QuotaExhausted, fillwire.RateLimited),
    "STREAMS": (grpc.StatusCode.RESOURCE_EXHAUSTED, fillwire.QuotaExhausted, fillwire.RateLimited),
    "REQUEST_ID_REUSED": (grpc.StatusCode.ALREADY_EXISTS, fillwire.RequestIdReused, fillwire.AlreadyExists),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_with_a_class_of_its_own_is_that_of_its_status_too(reason: str, wires: Wires) -> None:
    code, kind, base = REASONS[reason]
    error = refused(wires, code, "no", info(reason))
    assert type(error) is kind
    assert isinstance(error, base)
    assert error.code == code.name


def test_every_reason_with_a_class_is_tested_above() -> None:
    assert set(BY_REASON) == set(REASONS)


def test_what_is_used_up_is_a_violation(wires: Wires) -> None:
    quota = error_details_pb2.QuotaFailure()
    quota.violations.add(subject="account:default", description="100 orders a minute")
    error = refused(wires, grpc.StatusCode.RESOURCE_EXHAUSTED, "slower", info("RATE_LIMITED"), quota, retry_info(0.6))
    assert type(error) is fillwire.RateLimited
    assert (error.violations, error.retry_after) == (
        (fillwire.Violation("account:default", "100 orders a minute"),),
        0.6,
    )


def test_an_error_without_details_is_told_without_them(wires: Wires) -> None:
    error = refused(wires, grpc.StatusCode.UNAVAILABLE, "connection refused")
    assert (error.reason, error.metadata, error.violations, error.retry_after) == ("", {}, (), None)
    assert str(error) == "UNAVAILABLE: connection refused"


def test_details_that_cannot_be_read_are_left_out(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.get("1"))
    _, _, call = wires.take(ORDERS, "GetOrder")
    call.terminate(None, (("grpc-status-details-bin", b"\xff\xff"),), grpc.StatusCode.INTERNAL, "broken")
    with pytest.raises(fillwire.Internal, match="broken"):
        asking.result()


def test_the_request_id_is_the_one_in_the_headers(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.get("1"))
    _, _, call = wires.take(ORDERS, "GetOrder")
    call.send_initial_metadata((("x-request-id", "r-17"),))
    call.terminate(None, (), grpc.StatusCode.INTERNAL, "a bug")
    with pytest.raises(fillwire.Internal) as caught:
        asking.result()
    assert caught.value.request_id == "r-17"


def test_the_request_id_of_a_bug_is_found_in_its_details_too(wires: Wires) -> None:
    error = refused(wires, grpc.StatusCode.INTERNAL, "a bug", info("INTERNAL", request_id="r-18"))
    assert error.request_id == "r-18"


def test_everything_the_sdk_raises_is_a_fillwire_error() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__ if name != "Violation"]
    assert all(issubclass(kind, fillwire.FillwireError) for kind in kinds)
    assert set(BY_STATUS.values()) <= set(kinds)


def test_a_failed_order_tells_why(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.get(ORDER_ID))
    answer = order_service_pb2.GetOrderResponse(order=order("FAILED", 5, failure=failure("NO_ROUTE", "no pool")))
    wires.answer(ORDERS, "GetOrder", answer)
    failed = fillwire.OrderFailed(asking.result())
    assert failed.reason is fillwire.FailureReason.NO_ROUTE
    assert str(failed).endswith("is FAILED: no pool")
