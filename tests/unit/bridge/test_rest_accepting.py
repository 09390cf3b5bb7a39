"""What a reader accepts, by RFC 9110, 12.5.1."""

import pytest
from starlette.datastructures import Headers

from fillwire_bridge.rest.accepting import preferred

EVENTS, LINES = "text/event-stream", "application/x-ndjson"

WANTED = [
    ("text/event-stream", EVENTS),
    ("application/x-ndjson", LINES),
    ("*/*", EVENTS),
    ("text/*", EVENTS),
    ("application/*", LINES),
    # The greater weight.
    ("text/event-stream;q=0.5, application/x-ndjson", LINES),
    ("text/event-stream;q=0.5, application/x-ndjson;q=0.4", EVENTS),
    ("application/x-ndjson;q=0.001, text/*;q=0.002", EVENTS),
    ("text/event-stream;q=0.9, */*;q=1", LINES),
    ("*/*;q=0.1, application/x-ndjson;q=0.2", LINES),
    # Nothing at all.
    ("text/event-stream;q=0, */*", LINES),
    ("*/*, text/event-stream;q=0.000", LINES),
    ("text/*;q=0, */*;q=0.1", LINES),
    ("*/*;q=0, text/event-stream;q=0.001", EVENTS),
    ("text/event-stream;q=0", None),
    ("*/*;q=0", None),
    ("text/event-stream;q=0, application/x-ndjson;q=0.0, */*", None),
    ("application/json", None),
    ("image/png, text/html", None),
    ("", None),
    # Of equal weight: what is named more closely, then what comes first.
    ("*/*, application/x-ndjson", LINES),
    ("application/x-ndjson, text/*", LINES),
    ("text/*, application/x-ndjson", LINES),
    ("application/x-ndjson, text/event-stream", LINES),
    ("text/event-stream, application/x-ndjson", EVENTS),
    ("application/*, text/*", LINES),
    # However it is written.
    ("Application/X-NDJSON ; charset=utf-8", LINES),
    ("text/event-stream;charset=utf-8;q=0.1,\tapplication/x-ndjson\t;\tQ=0.2", LINES),
    (",, application/x-ndjson ,", LINES),
    ("text/event-stream;q=1.000, application/x-ndjson;q=1.", EVENTS),
    # What is out of form is not there.
    ("text/event-stream;q=2", None),
    ("text/event-stream;q=0.1234", None),
    ("text/event-stream;q=-1, application/x-ndjson;q=0.1", LINES),
    ("text/event-stream;q=high", None),
    ("text/event-stream;q=", None),
    ("*", None),
    ("*/event-stream", None),
    ("text", None),
    ("text/event-stream/x", None),
    ("\xe9\xff", None),
]


@pytest.mark.parametrize(("accept", "wanted"), WANTED)
def test_the_media_type_is_the_one_that_the_reader_wants_most(accept: str, wanted: str | None) -> None:
    assert preferred(Headers({"accept": accept}), [EVENTS, LINES]) == wanted


def test_who_does_not_say_takes_what_is_offered_first() -> None:
    assert preferred(Headers({}), [EVENTS, LINES]) == EVENTS
    assert preferred(Headers({}), [LINES, EVENTS]) == LINES


def test_a_header_that_comes_twice_is_one_list() -> None:
    twice = Headers(raw=[(b"accept", b"text/event-stream;q=0.1"), (b"accept", b"application/x-ndjson")])
    assert preferred(twice, [EVENTS, LINES]) == LINES
