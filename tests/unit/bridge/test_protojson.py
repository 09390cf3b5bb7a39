"""Messages as JSON: what is written can be read back, and what is read wrongly is refused by name."""

import json
import random
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from fillwire.v1.order_pb2 import MarketOrder, OrderSpec, OrderStatus
from fillwire.v1.order_service_pb2 import ListOrdersRequest, SubmitOrderRequest, WatchOrderRequest, WatchOrderResponse
from fillwire_bridge import protojson
from fillwire_bridge.contract import METHODS
from fillwire_bridge.statuses import Malformed, Violation
from tests.fuzz.messages import Generator

FIELDS = [
    ({"order": "x"}, "order", "there is no such field"),
    ({"orderId": 5}, "order_id", "must be a string"),
    ({"orderId": "\ud800"}, "order_id", "must be Unicode"),
    ({"orderId": {}}, "order_id", "must be a string"),
    ({"afterSeq": "x"}, "after_seq", f"must be a whole number from {-(2**63)} to {2**63 - 1}"),
    ({"afterSeq": 1.5}, "after_seq", f"must be a whole number from {-(2**63)} to {2**63 - 1}"),
    ({"afterSeq": True}, "after_seq", f"must be a whole number from {-(2**63)} to {2**63 - 1}"),
    ({"afterSeq": str(2**63)}, "after_seq", f"must be a whole number from {-(2**63)} to {2**63 - 1}"),
    ({"afterSeq": "\u0661"}, "after_seq", f"must be a whole number from {-(2**63)} to {2**63 - 1}"),
    ({"afterSeq": "9" * 5000}, "after_seq", f"must be a whole number from {-(2**63)} to {2**63 - 1}"),
    ({"terminalOnly": "true"}, "terminal_only", "must be true or false"),
    ({"heartbeatInterval": 15}, "heartbeat_interval", 'must be a number of seconds such as "1.5s"'),
    ({"heartbeatInterval": "15"}, "heartbeat_interval", 'must be a number of seconds such as "1.5s"'),
    ({"heartbeatInterval": {}}, "heartbeat_interval", 'must be a number of seconds such as "1.5s"'),
    ([], "", "must be an object"),
    (None, "", "must be an object"),
]


@pytest.mark.parametrize(("value", "field", "rule"), FIELDS)
def test_a_bad_field_is_named_with_the_rule_it_breaks(value: object, field: str, rule: str) -> None:
    with pytest.raises(Malformed) as refused:
        protojson.message(WatchOrderRequest, value)
    assert refused.value.violations == (Violation(field, rule),)


DEEP = [
    ({"spec": 5}, "spec", "must be an object"),
    ({"spec": {"market": {"x": 1}}}, "spec.market.x", "there is no such field"),
    (
        {"spec": {"amountIn": "1", "amountOut": "2"}},
        "spec.amount_out",
        "only one of amount_in, amount_out can be given",
    ),
    ({"spec": {"routing": {"excludeVenues": "a"}}}, "spec.routing.exclude_venues", "must be a list"),
    ({"spec": {"routing": {"excludeVenues": ["a", None]}}}, "spec.routing.exclude_venues[1]", "must be a string"),
    ({"spec": {"deadline": "tomorrow"}}, "spec.deadline", 'must be a time such as "2026-11-21T09:30:00Z"'),
]


@pytest.mark.parametrize(("value", "field", "rule"), DEEP)
def test_a_bad_field_within_another_is_named_by_its_path(value: object, field: str, rule: str) -> None:
    with pytest.raises(Malformed) as refused:
        protojson.message(SubmitOrderRequest, value)
    assert refused.value.violations == (Violation(field, rule),)


def bad_fields(kind: type[Message], value: object) -> list[str]:
    with pytest.raises(Malformed) as refused:
        protojson.message(kind, value)
    return [one.field for one in refused.value.violations]


def test_every_bad_field_is_named_at_once_in_the_order_of_the_document() -> None:
    value = {
        "validateOnly": "yes",
        "banana": 1,
        "spec": {
            "tokenIn": 5,
            "routing": {"excludeVenues": ["a", 1, "b", None], "maxLegs": -1},
            "twap": {"interval": "soon", "slices": "many"},
            "amountIn": "1",
            "amountOut": "2",
            "timeInForce": "NEVER",
        },
        "request_id": "x",
        "requestId": "x",
    }
    assert bad_fields(SubmitOrderRequest, value) == [
        "validate_only",
        "banana",
        "spec.token_in",
        "spec.routing.exclude_venues[1]",
        "spec.routing.exclude_venues[3]",
        "spec.routing.max_legs",
        "spec.twap.interval",
        "spec.twap.slices",
        "spec.amount_out",
        "spec.time_in_force",
        "request_id",
    ]


def test_bad_fields_are_named_up_to_the_twentieth() -> None:
    assert bad_fields(ListOrdersRequest, {f"x{number}": 1 for number in range(1000)}) == [
        f"x{number}" for number in range(20)
    ]
    assert bad_fields(ListOrdersRequest, {"statuses": [True] * 1000}) == [f"statuses[{at}]" for at in range(20)]
    assert bad_fields(ListOrdersRequest, {f"x{number}": 1 for number in range(19)} | {"pageSize": 1})[18:] == ["x18"]


def test_a_bad_name_of_an_enum_is_answered_with_the_good_ones() -> None:
    with pytest.raises(Malformed, match="TIME_IN_FORCE_GTC") as refused:
        protojson.message(OrderSpec, {"timeInForce": "BANANA"})
    assert [one.field for one in refused.value.violations] == ["time_in_force"]


def test_names_may_be_those_of_json_or_those_of_the_contract() -> None:
    expected = WatchOrderRequest(order_id="x", after_seq=3)
    assert protojson.message(WatchOrderRequest, {"orderId": "x", "afterSeq": "3"}) == expected
    assert protojson.message(WatchOrderRequest, {"order_id": "x", "after_seq": 3.0}) == expected


def test_the_two_names_of_a_field_are_one_field() -> None:
    for twice in ({"page_size": 3, "pageSize": 3}, {"token_in": "SOL", "tokenIn": None}):
        with pytest.raises(Malformed):
            protojson.message(ListOrdersRequest, twice)


@pytest.mark.parametrize("name", ["\ud800", "x" * 60_000])
def test_a_name_that_is_anybodys_is_told_so_that_it_can_be_sent(name: str) -> None:
    with pytest.raises(Malformed) as refused:
        protojson.message(ListOrdersRequest, {name: 1})
    assert len(refused.value.violations[0].field.encode()) <= 200
    assert str(refused.value).encode()
    with pytest.raises(Malformed):
        protojson.loads(json.dumps({"a": 1}).replace("}", f", {json.dumps(name)}: 1, {json.dumps(name)}: 2}}"))


def test_null_is_absent_and_zero_is_not() -> None:
    assert not protojson.message(WatchOrderRequest, {"afterSeq": None}).HasField("after_seq")
    assert protojson.message(WatchOrderRequest, {"afterSeq": 0}).HasField("after_seq")


def test_an_empty_message_within_another_is_there() -> None:
    made = protojson.message(SubmitOrderRequest, {"spec": {"market": {}}})
    assert made == SubmitOrderRequest(spec=OrderSpec(market=MarketOrder()))


def test_an_enum_may_be_a_number() -> None:
    made = protojson.message(ListOrdersRequest, {"statuses": ["ORDER_STATUS_FAILED", 8]})
    assert made == ListOrdersRequest(statuses=[OrderStatus.ORDER_STATUS_FAILED, OrderStatus.ORDER_STATUS_CONFIRMED])
    with pytest.raises(Malformed, match=r"statuses\[0\]"):
        protojson.message(ListOrdersRequest, {"statuses": [True]})


@pytest.mark.parametrize("said", ["", "{", "[1,]", "NaN", '{"a": Infinity}', "[" * 100_000, "9" * 5000, b"\xff"])
def test_what_is_no_json_is_refused(said: str | bytes) -> None:
    with pytest.raises(Malformed) as refused:
        protojson.loads(said)
    assert [one.field for one in refused.value.violations] == [""]


def test_a_key_that_comes_twice_is_refused_by_name() -> None:
    with pytest.raises(Malformed, match="b: comes twice"):
        protojson.loads('{"a": {"a": 1, "b": 2, "b": 2}}')


@given(st.integers(0, 2**32), st.sampled_from(sorted(METHODS)))
def test_any_request_that_can_be_written_is_read_as_it_was(seed: int, name: str) -> None:
    kind: Any = METHODS[name].request.DESCRIPTOR
    asked = Generator(random.Random(seed), {}).message(kind)
    try:
        said = json_format.MessageToDict(asked)
    except json_format.SerializeToJsonError:  # a time that JSON cannot say
        return
    assert protojson.message(METHODS[name].request, json.loads(json.dumps(said))) == asked


def test_what_is_written_is_one_line_of_json_and_says_the_same() -> None:
    frame = WatchOrderResponse()
    frame.event.seq = 3
    frame.event.client_order_id = 'a "b"\n\u20ac'
    said = protojson.text(WatchOrderResponse, frame.SerializeToString())
    assert said == '{"event":{"seq":"3","clientOrderId":"a \\"b\\"\\n\u20ac"}}'
    assert json_format.Parse(said, WatchOrderResponse()) == frame


def test_what_is_small_is_written_once_for_all_who_watch_it_and_what_is_large_is_not_kept() -> None:
    small = WatchOrderResponse()
    small.event.hash = random.randbytes(32)
    large = WatchOrderResponse()
    large.event.hash = random.randbytes(5000)
    for frame, kept in ((small, True), (large, False)):
        wire = frame.SerializeToString()
        first, second = (protojson.text(WatchOrderResponse, wire) for _ in range(2))
        assert first == second
        assert (first is second) is kept
