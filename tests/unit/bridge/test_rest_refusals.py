"""What a request over HTTP is answered that fails: every row of the tables."""

import json
from typing import Any

import grpc
import pytest
from google.rpc import code_pb2, error_details_pb2, status_pb2  # type: ignore[import-untyped]

from fillwire_bridge import statuses
from fillwire_bridge.rest import refusals
from fillwire_bridge.statuses import Malformed

EXPECTED = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}
"""google/rpc/code.proto."""


def error(status: Any) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(bytes(refusals.response(status).body))["error"]
    return said


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK])
def test_every_code_has_the_status_of_its_row(code: grpc.StatusCode) -> None:
    answer = refusals.response(statuses.refused(code, "WHY", "because", key="value"))
    assert answer.status_code == EXPECTED[code.name]
    assert json.loads(bytes(answer.body)) == {
        "error": {
            "code": EXPECTED[code.name],
            "status": code.name,
            "message": "because",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "WHY",
                    "domain": "fillwire.dev",
                    "metadata": {"key": "value"},
                }
            ],
        }
    }
    assert answer.headers["cache-control"] == "no-store"


def test_the_table_has_every_code_and_no_other() -> None:
    assert dict(refusals.HTTP) == EXPECTED
    assert set(EXPECTED) == {code.name for code in grpc.StatusCode} - {"OK"}


@pytest.mark.parametrize(("reason", "status"), refusals.BY_REASON.items())
def test_a_reason_that_http_knows_has_its_status(reason: str, status: int) -> None:
    assert error(statuses.refused(grpc.StatusCode.INVALID_ARGUMENT, reason, ""))["code"] == status


@pytest.mark.parametrize(("seconds", "nanos", "said"), [(7, 0, "7"), (0, 1, "1"), (1, 500_000_000, "2")])
def test_when_to_come_again_is_said_in_whole_seconds(seconds: int, nanos: int, said: str) -> None:
    status = statuses.refused(grpc.StatusCode.UNAVAILABLE, "AWAY", "")
    again = error_details_pb2.RetryInfo()
    again.retry_delay.seconds, again.retry_delay.nanos = seconds, nanos
    status.details.add().Pack(again)
    assert refusals.response(status).headers["retry-after"] == said


def test_headers_that_say_nothing_are_not_there() -> None:
    answer = refusals.response(statuses.refused(grpc.StatusCode.NOT_FOUND, "GONE", ""))
    assert {"retry-after", "www-authenticate"}.isdisjoint(answer.headers)


def test_who_has_no_token_is_told_what_to_bring() -> None:
    answer = refusals.response(statuses.refused(grpc.StatusCode.UNAUTHENTICATED, "API_KEY_MISSING", ""))
    assert answer.headers["www-authenticate"] == 'Bearer realm="fillwire"'


def test_a_status_without_details_or_with_one_that_nobody_knows_is_told_all_the_same() -> None:
    bare = status_pb2.Status(code=code_pb2.UNAVAILABLE, message="connection refused")
    assert error(bare) == {"code": 503, "status": "UNAVAILABLE", "message": "connection refused"}
    bare.details.add(type_url="type.googleapis.com/banana.v1.Split", value=b"\x01")
    assert error(bare)["details"] == [{"@type": "type.googleapis.com/banana.v1.Split"}]


def test_a_malformed_field_is_a_bad_request_that_names_it() -> None:
    status = refusals.status_of(Malformed("spec.amount_in", "must be a string"))
    assert error(status)["message"] == "spec.amount_in: must be a string"
    assert error(status)["details"][1]["fieldViolations"] == [
        {"field": "spec.amount_in", "description": "must be a string"}
    ]
