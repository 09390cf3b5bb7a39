"""What a failed call says, from gRPC and from the bridge itself, and as JSON."""

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from fillwire_bridge import statuses
from fillwire_bridge.statuses import Malformed, Violation


def failed(code: grpc.StatusCode, details: str, *trailing: tuple[str, bytes]) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(*trailing), details)


def rich() -> status_pb2.Status:
    status = status_pb2.Status(code=5, message="no such order")
    status.details.add().Pack(error_details_pb2.ErrorInfo(reason="ORDER_NOT_FOUND", domain="fillwire.dev"))
    return status


def test_what_the_engine_says_stays_whole() -> None:
    said = rich()
    error = failed(grpc.StatusCode.NOT_FOUND, "no such order", ("grpc-status-details-bin", said.SerializeToString()))
    assert statuses.of(error) == said


@pytest.mark.parametrize("code", [grpc.StatusCode.INTERNAL, grpc.StatusCode.NOT_FOUND])
def test_where_grpc_alone_speaks_its_code_and_text_are_told(code: grpc.StatusCode) -> None:
    details = rich().SerializeToString() if code is grpc.StatusCode.INTERNAL else b""
    trailing = [("grpc-status-details-bin", details)] if details else []
    told = statuses.of(failed(code, "said gRPC", *trailing))
    assert told == status_pb2.Status(code=code.value[0], message="said gRPC")


def test_a_refusal_gives_its_reason() -> None:
    status = statuses.refused(grpc.StatusCode.RESOURCE_EXHAUSTED, "BODY_TOO_LARGE", "too large", bytes="9")
    assert statuses.as_json(status) == {
        "code": "RESOURCE_EXHAUSTED",
        "message": "too large",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "BODY_TOO_LARGE",
                "domain": "fillwire.dev",
                "metadata": {"bytes": "9"},
            }
        ],
    }


def test_a_bad_field_is_named_twice_for_people_and_for_programs() -> None:
    told = statuses.as_json(Malformed("spec.amountIn", "must be a string").status)
    assert (told["code"], told["message"]) == ("INVALID_ARGUMENT", "spec.amountIn: must be a string")
    assert told["details"][0]["reason"] == "INVALID_REQUEST"
    assert told["details"][1]["fieldViolations"] == [{"field": "spec.amountIn", "description": "must be a string"}]


def test_of_many_bad_fields_the_text_names_three_and_the_details_all() -> None:
    one, *others = [Violation(name, "must be a string") for name in ("a", "b", "c", "d", "e")]
    told = statuses.as_json(Malformed(one.field, one.rule, *others).status)
    assert told["message"] == "a: must be a string; b: must be a string; c: must be a string; and 2 more"
    assert [bad["field"] for bad in told["details"][1]["fieldViolations"]] == ["a", "b", "c", "d", "e"]
    three = statuses.as_json(Malformed(one.field, one.rule, *others[:2]).status)
    assert three["message"] == "a: must be a string; b: must be a string; c: must be a string"


def test_a_reason_is_that_of_the_error_info_and_may_be_missing() -> None:
    assert statuses.reason(statuses.draining()) == "SERVER_DRAINING"
    assert statuses.reason(Malformed("a", "b").status) == "INVALID_REQUEST"
    assert not statuses.reason(status_pb2.Status(code=14, message="connection refused"))


def test_the_whole_request_may_be_what_is_bad() -> None:
    assert statuses.as_json(Malformed("", "must be JSON").status)["message"] == "must be JSON"


def test_a_bridge_that_drains_says_it_as_the_engine_does() -> None:
    told = statuses.as_json(statuses.draining())
    assert told["code"] == "UNAVAILABLE"
    assert [one.get("reason") or one["retryDelay"] for one in told["details"]] == ["SERVER_DRAINING", "1s"]


def test_where_all_is_well_there_is_a_code_and_no_more() -> None:
    assert statuses.as_json(status_pb2.Status()) == {"code": "OK"}


def test_a_detail_that_nobody_here_knows_keeps_its_name() -> None:
    status = status_pb2.Status(code=13, details=[any_pb2.Any(type_url="type.googleapis.com/x.Y", value=b"\x01")])
    assert statuses.as_json(status)["details"] == [{"@type": "type.googleapis.com/x.Y"}]


def test_a_refusal_that_is_raised_carries_its_status() -> None:
    refusal = statuses.Refusal(statuses.draining())
    assert str(refusal) == refusal.status.message
