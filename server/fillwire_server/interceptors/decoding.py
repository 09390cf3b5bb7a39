"""Decodes requests where an error can still be told properly."""

from collections.abc import AsyncIterator
from typing import Any

from google.protobuf.message import DecodeError, Message

from fillwire_server.interceptors.call import Call, Method, Step
from fillwire_server.refusals import Undecodable

__all__ = ["layer"]


def layer(method: Method, step: Step) -> Step:
    """Makes messages of bytes; those that are none, also for invalid UTF-8, raise `Undecodable`."""
    parse = method.request.FromString
    name = method.request.DESCRIPTOR.full_name

    def message(raw: bytes) -> Message:
        try:
            return parse(raw)
        except DecodeError:
            raise Undecodable(name) from None

    async def messages(raws: AsyncIterator[bytes]) -> AsyncIterator[Message]:
        async for raw in raws:
            yield message(raw)

    read: Any = messages if method.streams_requests else message

    async def decoded(call: Call) -> None:
        call.request = read(call.request)
        await step(call)

    return decoded
