"""Garbage over the WebSocket: each call is answered, or the socket is closed with a code that the protocol has."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed

from fillwire_bridge.contract import METHODS
from tests.integration.bridge.talking import Talk, talking

CODES = {1000, 1003, 1007, 1009, 4400, 4401, 4429}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({field.json_name for method in METHODS.values() for field in method.request.DESCRIPTOR.fields})
METHOD = st.sampled_from(sorted(METHODS)) | st.text(max_size=40)
ID = st.sampled_from(["1", "2", "3"]) | st.text(max_size=70)
CALL = st.fixed_dictionaries(
    {"id": ID, "call": METHOD}, optional={"request": st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4) | JSON}
)
CANCEL = st.fixed_dictionaries({"id": ID, "cancel": st.just({})})
OTHER = st.fixed_dictionaries({}, optional={"hello": JSON, "ping": JSON, "cancel": JSON, "id": JSON, "call": JSON})
SAID = st.one_of(CALL, CALL, CALL, CANCEL, st.just({"ping": {}}), OTHER).map(json.dumps)
ANY = st.one_of(SAID, SAID, SAID, SAID, st.text(max_size=200), st.binary(max_size=200))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(ANY, min_size=1, max_size=12))
async def test_garbage_is_answered_or_closes_the_socket(
    bridge_url: str, caplog: pytest.LogCaptureFixture, said: Sequence[str | bytes]
) -> None:
    with capture_logs() as lines:
        async with talking(bridge_url) as talk:
            with suppress(ConnectionClosed):
                await _all_ends(talk, said)
    assert talk.socket.close_code in CODES
    assert not caplog.records
    assert not [line for line in lines if line.get("log_level") == "error"]


async def _all_ends(talk: Talk, said: Sequence[str | bytes]) -> None:
    """Until every call that was started has ended, and the socket has answered once more."""
    started: list[str] = []
    for one in said:
        await talk.socket.send(one)
        started += [name for name in [_started(one)] if name is not None]
    for name in set(started):
        await talk.say({"id": name, "cancel": {}})
    await talk.say({"ping": {"id": "last"}})
    ends: list[str] = []
    pongs: list[Any] = []
    while len(ends) < len(started) or {"id": "last"} not in pongs:
        heard = await talk.hear()
        assert heard.keys() in ({"id", "message"}, {"id", "end"}, {"pong"}, {"ready"})
        assert heard.get("id") is None or ends.count(heard["id"]) < started.count(heard["id"])
        ends += [heard["id"]] if "end" in heard else []
        pongs += [heard["pong"]] if "pong" in heard else []


def _started(said: str | bytes) -> str | None:
    """The id of the call that a message starts."""
    try:
        value = json.loads(said)
    except ValueError:
        return None
    return value["id"] if isinstance(value, dict) and "call" in value and isinstance(value.get("id"), str) else None
