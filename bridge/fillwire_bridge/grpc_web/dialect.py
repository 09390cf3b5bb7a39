"""The four content types of gRPC-Web: frames as they are, or all of them as base64 for clients that read text only."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from fillwire_bridge.statuses import Malformed

__all__ = ["Dialect", "dialect"]

_CONTENT_TYPE: Final = re.compile(r"application/grpc-web(?P<text>-text)?(\+proto)?")
_PADDED: Final = re.compile(rb"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the caller writes, and reads."""

    text: bool

    @property
    def content_type(self) -> str:
        """Of the answer."""
        return "application/grpc-web-text+proto" if self.text else "application/grpc-web+proto"

    def read(self, body: bytes) -> bytes:
        """The frames of a request. Raises Malformed."""
        if not self.text:
            return body
        try:
            return _decoded(body)
        except binascii.Error:
            raise Malformed("", "the body is to be base64, as its content type says") from None

    def write(self, frame: bytes) -> bytes:
        """A frame of the answer; as text it is padded, so that the reader has it whole when it comes."""
        return base64.b64encode(frame) if self.text else frame


def dialect(content_type: str) -> Dialect | None:
    """Of a request with this content type; `None`: it is another protocol's."""
    named = _CONTENT_TYPE.fullmatch(content_type.partition(";")[0].strip().lower())
    return Dialect(text=named["text"] is not None) if named else None


def _decoded(text: bytes) -> bytes:
    """Clients may send several chunks, each padded."""
    chunks = _PADDED.findall(text)
    if sum(map(len, chunks)) != len(text):
        raise binascii.Error
    return b"".join(base64.b64decode(chunk, validate=True) for chunk in chunks)
