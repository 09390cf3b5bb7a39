"""What an HTTP request asks of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller
from typing import Final

import grpc
from google.protobuf.message import Message
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from fillwire_bridge import bodies, callers, protojson
from fillwire_bridge.faults import Faults
from fillwire_bridge.parts import Parts
from fillwire_bridge.rest import requests
from fillwire_bridge.rest.queries import Parameter
from fillwire_bridge.rest.refusals import Refused
from fillwire_bridge.rest.table import Row
from fillwire_bridge.upstream import Metadata

__all__ = ["Asked", "asked"]

_serialize: Final[Callable[[Message], bytes]] = methodcaller("SerializeToString")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of the engine, to be made."""

    row: Row
    request: Message
    metadata: Metadata
    timeout: float | None
    """Seconds for the whole answer; `None`: as usual."""
    headers: Headers
    """As they came."""
    query: str

    @property
    def wire(self) -> bytes:
        """The request as gRPC sends it."""
        return _serialize(self.request)


async def asked(row: Row, known: tuple[Parameter, ...], parts: Parts, scope: Scope, receive: Receive) -> Asked:
    """Reads a request whole. Raises Refused, Malformed, and what callers and bodies raise."""
    headers = Headers(scope=scope)
    query = scope["query_string"].decode("latin-1")
    metadata = callers.metadata(headers, parts.settings)
    body = await _body(headers, receive) if row.has_body else {}
    faults = Faults()
    request = requests.request(row, known, faults, body=body, query=query, path=scope["path_params"], headers=headers)
    timeout = requests.timeout(headers, faults)
    faults.check()
    return Asked(row, request, metadata, timeout, headers, query)


async def _body(headers: Headers, receive: Receive) -> object:
    """The JSON of the body; none at all is `{}`."""
    kind = headers.get("content-type")
    if kind is not None and not _is_json(kind):
        raise _other_type(kind)
    raw = await bodies.read(receive)
    # A form of another site cannot send this type, nor a script without leave.
    if raw and kind is None:
        raise _other_type("none")
    return protojson.loads(raw) if raw else {}


def _is_json(kind: str) -> bool:
    name, *parameters = (part.strip().lower() for part in kind.split(";"))
    return name == "application/json" and set(parameters) <= {"charset=utf-8", 'charset="utf-8"', ""}


def _other_type(kind: str) -> Refused:
    message = f"a body has the content type application/json, in UTF-8, and not {kind[:64]}"
    return Refused(grpc.StatusCode.INVALID_ARGUMENT, "UNSUPPORTED_MEDIA_TYPE", message)
