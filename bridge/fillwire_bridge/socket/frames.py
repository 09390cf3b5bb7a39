"""What goes over the socket, one JSON object a message; what comes is read strictly."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.rpc import status_pb2  # type: ignore[import-untyped]

from fillwire_bridge import protojson, statuses
from fillwire_bridge.socket.closing import Closed, Code

__all__ = ["Call", "Cancel", "Frame", "Hello", "Ping", "end", "message", "pong", "read", "ready"]


@dataclass(frozen=True, slots=True)
class Hello:
    """Says who calls."""

    token: str
    """"" is none."""


@dataclass(frozen=True, slots=True)
class Call:
    """Starts a call."""

    id: str
    """The client's, unique among the open calls of the socket."""
    method: str
    """"Service/Method"; perhaps one that does not exist."""
    request: object
    """Its message, as JSON gives it."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Ends a call."""

    id: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks for a pong that says the same."""

    said: Mapping[str, str]


Frame = Hello | Call | Cancel | Ping

_MOST_ID: Final = 64
_MOST_TOKEN: Final = 512


def read(text: str) -> Frame:
    """What the client said. Raises Closed."""
    try:
        said = protojson.loads(text)
    except statuses.Malformed as error:
        raise _malformed(str(error)) from None
    match said:
        case {"hello": dict(hello), **rest} if not rest and hello.keys() <= {"token"}:
            return Hello(_word(hello.get("token", ""), "token", least=0, most=_MOST_TOKEN))
        case {"id": name, "call": str(method), **rest} if rest.keys() <= {"request"}:
            return Call(_id(name), method, rest.get("request", {}))
        case {"id": name, "cancel": dict(cancel), **rest} if not rest and not cancel:
            return Cancel(_id(name))
        case {"ping": dict(ping), **rest} if not rest and ping.keys() <= {"id"}:
            return Ping({key: _id(value) for key, value in ping.items()})
    raise _malformed("a message has one of hello, call, cancel, ping, in the form that the protocol gives it")


def ready(account_id: str) -> str:
    """The answer to a hello."""
    return _json({"ready": {"accountId": account_id}})


def message(name: str, text: str) -> str:
    """A message of a call, its JSON ready made."""
    return f'{{"id":{_json(name)},"message":{text}}}'


def end(name: str, status: status_pb2.Status) -> str:
    """The last word of a call."""
    return _json({"id": name, "end": statuses.as_json(status)})


def pong(ping: Ping) -> str:
    """The answer to a ping."""
    return _json({"pong": ping.said})


def _id(said: object) -> str:
    return _word(said, "id", least=1, most=_MOST_ID)


def _word(said: object, name: str, *, least: int, most: int) -> str:
    if not isinstance(said, str) or not least <= len(said) <= most:
        raise _malformed(f"{name} must be a string of {least} to {most} characters")
    return said


def _malformed(why: str) -> Closed:
    return Closed(Code.MALFORMED, why)


def _json(said: Any) -> str:
    # ASCII: an id may be any string of JSON's, half a character too.
    return json.dumps(said, separators=(",", ":"))
