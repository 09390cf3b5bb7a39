"""What can be done at one path."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import grpc
from google.rpc import status_pb2  # type: ignore[import-untyped]
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fillwire_bridge import metrics, statuses
from fillwire_bridge.ending import Draining, Gone, until_ended
from fillwire_bridge.layers import refusing
from fillwire_bridge.parts import Parts
from fillwire_bridge.rest import answers, frames, refusals
from fillwire_bridge.rest.asking import Asked, asked
from fillwire_bridge.rest.queries import parameters
from fillwire_bridge.rest.refusals import Refused
from fillwire_bridge.rest.streams import Stream, relay
from fillwire_bridge.rest.table import Row

__all__ = ["Resource"]

_OK: Final = status_pb2.Status()
_LARGE: Final = 64 * 1024


class Resource:
    """An ASGI app for the rows of one path."""

    def __init__(self, parts: Parts, rows: Sequence[Row]) -> None:
        self._parts = parts
        self._rows: Mapping[str, Row] = _by_verb(rows)
        self._known = {row.operation: tuple(parameters(row)) for row in rows}
        self._calls = metrics.CALLS.labels("rest")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            row = self._row(scope["method"])
            wanted = await asked(row, self._known[row.operation], self._parts, scope, receive)
            with self._calls.track_inprogress():
                await (self._follow if row.method.streams else self._ask)(wanted, scope, receive, send)
        except Gone:
            return
        except refusals.TOLD as error:
            if isinstance(error, statuses.Refusal):
                refusing.count(scope, statuses.reason(error.status))
            await refusals.answer(error)(scope, receive, send)

    def _row(self, verb: str) -> Row:
        if verb in self._rows:
            return self._rows[verb]
        allowed = ", ".join(self._rows)
        message = f"this path takes {allowed}"
        raise Refused(grpc.StatusCode.UNIMPLEMENTED, "METHOD_NOT_ALLOWED", message, allow=allowed)

    async def _ask(self, wanted: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        method, upstream = wanted.row.method, self._parts.upstream
        with upstream.ask(method, wanted.wire, metadata=wanted.metadata, timeout=wanted.timeout) as call:
            async with until_ended(receive, draining=self._parts.ending):
                wire = await call
            trailers = await call.trailing_metadata()
        # To write a page of 200 orders takes 50 ms, in which every stream of this process would stand still.
        writing = asyncio.to_thread if len(wire) > _LARGE else _at_once
        answer = await writing(answers.response, wanted.row, wire, trailers, wanted.query)
        await answer(scope, receive, send)

    async def _follow(self, wanted: Asked, _scope: Scope, receive: Receive, send: Send) -> None:
        if (form := frames.wanted(wanted.headers)) is None:
            message = f"a stream comes as {frames.Events.media_type} or {frames.Lines.media_type}"
            raise Refused(grpc.StatusCode.INVALID_ARGUMENT, "NOT_ACCEPTABLE", message)
        stream = Stream(form, wanted.row.method, send)
        try:
            await self._relay(wanted, receive, stream)
        except (grpc.aio.AioRpcError, Draining) as error:
            if not stream.begun:
                raise
            await stream.end(refusals.status_of(error))
        else:
            await stream.end(_OK)

    async def _relay(self, wanted: Asked, receive: Receive, stream: Stream) -> None:
        method, upstream = wanted.row.method, self._parts.upstream
        async with until_ended(receive, draining=self._parts.draining):
            with upstream.follow(method, wanted.wire, metadata=wanted.metadata, timeout=wanted.timeout) as call:
                await relay(call, wanted, stream)


async def _at_once(write: Callable[..., Response], *arguments: Any) -> Response:
    return write(*arguments)


def _by_verb(rows: Sequence[Row]) -> Mapping[str, Row]:
    """HEAD answers as GET would, where that has an end."""
    verbs: dict[str, Row] = {row.verb: row for row in rows}
    head = {"HEAD": verbs["GET"]} if "GET" in verbs and not verbs["GET"].method.streams else {}
    return {**verbs, **head}
