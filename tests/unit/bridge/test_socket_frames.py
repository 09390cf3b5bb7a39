"""The messages of the WebSocket: what is understood, what is not, and what is said."""

import json

import pytest

from fillwire.v1.order_service_pb2 import WatchOrderResponse
from fillwire_bridge import protojson, statuses
from fillwire_bridge.socket import frames
from fillwire_bridge.socket.closing import Closed, Code
from fillwire_bridge.socket.frames import Call, Cancel, Hello, Ping
from fillwire_bridge.statuses import Malformed

TOKENS = "MarketService/ListTokens"

UNDERSTOOD = [
    ('{"hello": {}}', Hello("")),
    ('{"hello": {"token": "fw_1"}}', Hello("fw_1")),
    ('{"id": "1", "call": "a/b"}', Call("1", "a/b", {})),
    ('{"call": "a/b", "request": {"x": [1]}, "id": "1"}', Call("1", "a/b", {"x": [1]})),
    ('{"id": "1", "call": "a/b", "request": null}', Call("1", "a/b", None)),
    ('{"id": "1", "cancel": {}}', Cancel("1")),
    ('{"ping": {}}', Ping({})),
    ('{"ping": {"id": "x"}}', Ping({"id": "x"})),
]


@pytest.mark.parametrize(("text", "frame"), UNDERSTOOD)
def test_each_message_of_the_protocol_is_understood(text: str, frame: frames.Frame) -> None:
    assert frames.read(text) == frame


MALFORMED = [
    *("", "hello", "[]", "5", "null", "{}", '{"ping": {}, "ping": {}}', "[" * 20_000, '{"ping": {"id": NaN}}'),
    *('{"pong": {}}', '{"ping": 1}', '{"ping": {"id": ""}}', '{"ping": {"at": "1"}}', '{"ping": {}, "id": "1"}'),
    *('{"hello": {"token": 5}}', '{"hello": {"key": "x"}}', '{"hello": null}'),
    *('{"call": "MarketService/ListTokens"}', '{"id": "1"}', '{"id": 1, "call": "MarketService/ListTokens"}'),
    *('{"id": "", "cancel": {}}', '{"id": "1", "cancel": {}, "ping": {}}', '{"id": "1", "cancel": {"now": true}}'),
    *('{"id": "1", "call": 5}', '{"id": "1", "call": "a", "requst": {}}', '{"id": "1", "call": "a", "cancel": {}}'),
    json.dumps({"id": "x" * 65, "call": TOKENS}),
    json.dumps({"hello": {"token": "x" * 10_000}}),
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_message_of_the_protocol_closes_the_socket_and_says_why(text: str) -> None:
    with pytest.raises(Closed) as closed:
        frames.read(text)
    assert closed.value.code is Code.MALFORMED
    assert closed.value.reason


@pytest.mark.parametrize("reason", ["x" * 1000, "\u20ac" * 1000, "\ud800" * 1000])
def test_a_reason_always_has_room_in_the_frame_that_closes(reason: str) -> None:
    assert 100 < len(Closed(Code.MALFORMED, reason).reason.encode()) <= 123


@pytest.mark.parametrize("name", ["1", '"', "\u20ac", "\ud800"])
def test_a_message_is_the_engines_json_behind_the_id(name: str) -> None:
    frame = WatchOrderResponse()
    frame.heartbeat.last_seq = 3
    said = frames.message(name, protojson.text(WatchOrderResponse, frame.SerializeToString()))
    assert json.loads(said) == {"id": name, "message": {"heartbeat": {"lastSeq": "3"}}}


def test_an_end_carries_the_status_whole() -> None:
    status = Malformed("spec", "must be an object").status
    assert json.loads(frames.end("1", status)) == {"id": "1", "end": statuses.as_json(status)}


def test_a_hello_is_answered_with_the_account() -> None:
    assert json.loads(frames.ready("acme")) == {"ready": {"accountId": "acme"}}
