"""Which calls of a socket are let in."""

from typing import Any

import pytest
from google.rpc import code_pb2, error_details_pb2  # type: ignore[import-untyped]

from fillwire_bridge import statuses
from fillwire_bridge.contract import METHODS
from fillwire_bridge.socket.admission import Admission
from fillwire_bridge.socket.closing import Closed, Code
from fillwire_bridge.socket.frames import Call
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.statuses import Refusal

CALL = Call("1", "OrderService/WatchOrder", {"orderId": "x"})


def told(refusal: Refusal) -> tuple[str, str, list[Any]]:
    """Code, reason and the other details of a refusal."""
    said = statuses.as_json(refusal.status)
    return said["code"], said["details"][0]["reason"], said["details"][1:]


def test_a_call_becomes_a_method_and_its_message() -> None:
    method, wire = Admission(Limits(), max_calls=1).admit(CALL, open_calls=0)
    assert method is METHODS["OrderService/WatchOrder"]
    assert method.request.FromString(wire) == method.request(order_id="x")


def test_one_call_too_many_is_told_to_end_another_first() -> None:
    admission = Admission(Limits(), max_calls=2)
    admission.admit(CALL, open_calls=1)
    with pytest.raises(Refusal) as refused:
        admission.admit(CALL, open_calls=2)
    code, reason, (again,) = told(refused.value)
    assert (code, reason) == ("RESOURCE_EXHAUSTED", "OPEN_CALLS")
    assert again["@type"] == "type.googleapis.com/google.rpc.RetryInfo"


def test_who_starts_calls_too_fast_is_told_when_to_go_on() -> None:
    admission = Admission(Limits(calls_per_second=2), max_calls=9)
    for _ in range(2):
        admission.admit(CALL, open_calls=0)
    with pytest.raises(Refusal) as refused:
        admission.admit(CALL, open_calls=0)
    assert told(refused.value)[:2] == ("RESOURCE_EXHAUSTED", "RATE_LIMITED")
    again = error_details_pb2.RetryInfo()
    assert refused.value.status.details[1].Unpack(again)
    assert 0 < again.retry_delay.ToTimedelta().total_seconds() <= 0.501


def test_who_does_not_stop_at_all_is_shut_out() -> None:
    admission = Admission(Limits(calls_per_second=0.01, refusals_per_second=0.1), max_calls=9)
    for _ in range(5):
        with pytest.raises(Refusal):
            admission.admit(CALL, open_calls=0)
    with pytest.raises(Closed) as closed:
        admission.admit(CALL, open_calls=0)
    assert closed.value.code is Code.TOO_MANY


def test_malformed_calls_count_as_calls() -> None:
    admission = Admission(Limits(calls_per_second=1), max_calls=9)
    reasons = []
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            admission.admit(Call("1", "Banana/Peel", {}), open_calls=0)
        reasons.append(told(refused.value)[1])
    assert reasons == ["NOT_SERVED", "RATE_LIMITED"]


@pytest.mark.parametrize("method", ["", "\ud800", "x" * 60_000, "/fillwire.v1.OrderService/GetOrder", "Health/Check"])
def test_a_method_that_the_contract_does_not_have_is_not_served(method: str) -> None:
    with pytest.raises(Refusal) as refused:
        Admission(Limits(), max_calls=9).admit(Call("1", method, {}), open_calls=0)
    assert refused.value.status.code == code_pb2.UNIMPLEMENTED
    assert len(refused.value.status.SerializeToString()) < 1000


def test_once_it_is_shut_everybody_is_told_why() -> None:
    admission = Admission(Limits(), max_calls=9)
    admission.shut(statuses.draining())
    with pytest.raises(Refusal) as refused:
        admission.admit(CALL, open_calls=0)
    assert refused.value.status == statuses.draining()
