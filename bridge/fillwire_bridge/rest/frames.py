"""Frames of a stream as text: as Server-Sent Events (https://html.spec.whatwg.org/#server-sent-events), or a line each."""

from collections.abc import Mapping
from typing import Final, Protocol

from google.protobuf.message import Message
from google.rpc import status_pb2  # type: ignore[import-untyped]
from starlette.datastructures import Headers

from fillwire.v1.order_service_pb2 import SubmitAndWatchOrderResponse, WatchOrderResponse, WatchOrdersResponse
from fillwire_bridge import protojson, statuses
from fillwire_bridge.rest import accepting, refusals

__all__ = ["Events", "Form", "Lines", "wanted"]

_RETRY_MILLISECONDS: Final = 1000


class Form(Protocol):
    """How a stream is written."""

    @property
    def media_type(self) -> str:
        """As Content-Type and Accept name it."""

    def begin(self) -> bytes:
        """What comes first."""

    def frame(self, kind: type[Message], wire: bytes) -> bytes:
        """A frame that came as `wire`."""

    def end(self, status: status_pb2.Status) -> bytes:
        """What comes last; empty: nothing."""


class Events:
    """Server-Sent Events: each frame a message, with the id to resume from; heartbeats comments; last the event `end`."""

    media_type: Final = "text/event-stream"

    def begin(self) -> bytes:
        return f"retry: {_RETRY_MILLISECONDS}\n\n".encode()

    def frame(self, kind: type[Message], wire: bytes) -> bytes:
        frame = kind.FromString(wire)
        place = _place(frame)
        # An id without data is remembered by the client and shown to nobody.
        lines = [f"id: {place}"] if place else []
        lines.append(": heartbeat" if _is_heartbeat(frame) else f"data: {protojson.text(kind, wire)}")
        return ("\n".join(lines) + "\n\n").encode()

    def end(self, status: status_pb2.Status) -> bytes:
        return f"event: end\ndata: {protojson.dumps(statuses.as_json(status))}\n\n".encode()


class Lines:
    """A line of JSON for each frame, heartbeats too; the last one has `error` where the stream did not end well."""

    media_type: Final = "application/x-ndjson"

    def begin(self) -> bytes:
        return b""

    def frame(self, kind: type[Message], wire: bytes) -> bytes:
        return f"{protojson.text(kind, wire)}\n".encode()

    def end(self, status: status_pb2.Status) -> bytes:
        return bytes(refusals.response(status).body) + b"\n" if status.code else b""


def wanted(headers: Headers) -> Form | None:
    """The form that Accept asks for, Server-Sent Events where both will do; `None`: neither will."""
    forms: Mapping[str, Form] = {Events.media_type: Events(), Lines.media_type: Lines()}
    wanted = accepting.preferred(headers, [*forms])
    return forms[wanted] if wanted else None


def _place(frame: Message) -> str:
    """From where a client that has this frame resumes; empty: that is not changed by it."""
    match frame:
        case WatchOrderResponse() | SubmitAndWatchOrderResponse():
            return str(frame.event.seq or "")
        case WatchOrdersResponse():
            return frame.cursor
        case _:
            return ""


def _is_heartbeat(frame: Message) -> bool:
    return "heartbeat" in frame.DESCRIPTOR.fields_by_name and frame.HasField("heartbeat")
