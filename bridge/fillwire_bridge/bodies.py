"""The body of a request: small, and soon there."""

import asyncio
from typing import Final

import grpc
from starlette.types import Receive

from fillwire_bridge.ending import Gone
from fillwire_bridge.statuses import Refusal, refused

__all__ = ["MOST_BYTES", "Unreadable", "read"]

MOST_BYTES: Final = 64 * 1024
"""The engine takes no larger message either."""

_SECONDS: Final = 10.0


class Unreadable(Refusal):
    """The body is too large, or does not come."""


async def read(receive: Receive) -> bytes:
    """The whole body. Raises Unreadable, and Gone where the caller left before its end."""
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS):
            while (message := await receive())["type"] == "http.request":
                body += message.get("body", b"")
                if len(body) > MOST_BYTES:
                    raise _too_large()
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _too_slow() from None
    raise Gone


def _too_large() -> Unreadable:
    message = f"a request is at most {MOST_BYTES} bytes"
    return Unreadable(refused(grpc.StatusCode.RESOURCE_EXHAUSTED, "BODY_TOO_LARGE", message, bytes=str(MOST_BYTES)))


def _too_slow() -> Unreadable:
    message = f"a request is to be there within {_SECONDS:g} s"
    return Unreadable(refused(grpc.StatusCode.DEADLINE_EXCEEDED, "BODY_TOO_SLOW", message, seconds=f"{_SECONDS:g}"))
