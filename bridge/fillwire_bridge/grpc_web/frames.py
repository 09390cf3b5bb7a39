"""Frames: a byte of flags, four of length, and a message or the trailers."""

import base64
import struct
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from fillwire_bridge.statuses import Malformed

__all__ = ["Pairs", "message_of", "of_message", "of_trailers", "pairs"]

Pairs = Iterable[tuple[str, str | bytes]]

_HEAD: Final = struct.Struct(">BI")
_TRAILERS: Final = 0x80

# A header's text is ASCII: a message has all else as %XX (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
_PLAIN: Final = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


def message_of(body: bytes) -> bytes:
    """The one message that the body of a request holds. Raises Malformed."""
    if len(body) < _HEAD.size:
        raise Malformed("", "the body is to be one frame: a byte of flags, four of length, and a message")
    flags, length = _HEAD.unpack_from(body)
    if flags:
        raise Malformed("", "the body is to be one message that is not compressed: flags 0")
    if length != len(body) - _HEAD.size:
        raise Malformed(
            "", f"the body is to be one frame: {length} bytes were announced, {len(body) - _HEAD.size} came"
        )
    return body[_HEAD.size :]


def of_message(message: bytes) -> bytes:
    """The frame of a message."""
    return _HEAD.pack(0, len(message)) + message


def of_trailers(trailers: Iterable[tuple[str, str]]) -> bytes:
    """The last frame of an answer."""
    block = "".join(f"{name}: {value}\r\n" for name, value in trailers).encode("ascii")
    return _HEAD.pack(_TRAILERS, len(block)) + block


def pairs(code: int, message: str, metadata: Pairs = ()) -> list[tuple[str, str]]:
    """Trailers as text: how the call ended, and what the engine says beside it."""
    ended = [("grpc-status", str(code)), ("grpc-message", quote(message, safe=_PLAIN))]
    return ended[: 2 if message else 1] + [(name, _text(value)) for name, value in metadata]


def _text(value: str | bytes) -> str:
    # Without padding, as gRPC itself sends it.
    return value if isinstance(value, str) else base64.b64encode(value).decode().rstrip("=")
