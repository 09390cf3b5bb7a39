"""The request to the engine that an HTTP request stands for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from starlette.datastructures import Headers

from fillwire_bridge import protojson
from fillwire_bridge.faults import Faults
from fillwire_bridge.rest import queries
from fillwire_bridge.rest.queries import Parameter
from fillwire_bridge.rest.table import Row

__all__ = ["RESUME", "request", "timeout"]

RESUME: Final = "Last-Event-ID"
"""The header with which an EventSource comes back: it knows better than the address, which is that of the first time."""

_SECONDS: Final = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_MOST_SECONDS: Final = 300.0


def request(
    row: Row,
    known: Sequence[Parameter],
    faults: Faults,
    *,
    body: object,
    query: str,
    path: Mapping[str, str],
    headers: Headers,
) -> Message:
    """Puts together what query or body, path and headers say.

    What is wrong with them goes to `faults`, also where they contradict each other. Raises Malformed for a query that
    cannot be read at all.
    """
    asked = queries.read(known, query, faults)
    made = row.method.request()
    protojson.merge(made, body if row.has_body else asked, faults)
    for name, text in path.items():
        _say(made, name, text, faults, by="the path")
    for header, name in row.headers.items():
        said = headers.get(header, "")
        if text := said if header == RESUME else _unquoted(said):
            _hear(made, name, text, faults, header=header)
    for name, text in row.defaults.items():
        _say_unless_said(made, name, text, faults)
    return made


def timeout(headers: Headers, faults: Faults) -> float | None:
    """How long the answer may take in seconds, by the header Request-Timeout; `None`: as usual."""
    text = headers.get("request-timeout")
    if text is None:
        return None
    if _SECONDS.fullmatch(text) and 0 < float(text) <= _MOST_SECONDS:
        return float(text)
    faults.note("Request-Timeout", f"must be seconds, above 0 and at most {_MOST_SECONDS:g}")
    return None


def _unquoted(text: str) -> str:
    """An entity tag or a string as headers write it, without what is around; `*` is no condition."""
    return "" if text == "*" else text.removeprefix("W/").strip('"')


def _hear(made: Message, name: str, text: str, faults: Faults, *, header: str) -> None:
    inner, field = _at(made, name)
    if field.cpp_type == FieldDescriptor.CPPTYPE_INT64 and not re.fullmatch(r"[0-9]{1,18}", text):
        faults.note(header, "must be the seq of an event")
        return
    if header == RESUME:
        inner.ClearField(field.name)
    _say(made, name, text, faults, by=f"the header {header}")


def _say_unless_said(made: Message, name: str, text: str, faults: Faults) -> None:
    inner, field = _at(made, name)
    if not inner.HasField(field.name):
        _say(made, name, text, faults, by="the default")


def _say(made: Message, name: str, text: str, faults: Faults, *, by: str) -> None:
    inner, field = _at(made, name)
    value: Any = int(text) if field.cpp_type == FieldDescriptor.CPPTYPE_INT64 else text
    is_said = inner.HasField(field.name) if field.has_presence else bool(getattr(inner, field.name))
    if is_said and getattr(inner, field.name) != value:
        faults.note(name, f"differs from {by}")
        return
    setattr(inner, field.name, value)


def _at(made: Message, name: str) -> tuple[Any, Any]:
    """The message that has the field, and the field."""
    *above, last = name.split(".")
    for outer in above:
        made = getattr(made, outer)
    return made, made.DESCRIPTOR.fields_by_name[last]
