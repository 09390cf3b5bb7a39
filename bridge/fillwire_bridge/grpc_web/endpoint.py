"""Takes a call from a browser, has the engine answer it, hands the answer on."""

from dataclasses import dataclass

import grpc
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from fillwire_bridge import bodies, callers, metrics, statuses
from fillwire_bridge.contract import HEALTH, METHODS, Method
from fillwire_bridge.ending import Gone, until_ended
from fillwire_bridge.grpc_web import deadline, frames
from fillwire_bridge.grpc_web.answer import Answer
from fillwire_bridge.grpc_web.dialect import Dialect, dialect
from fillwire_bridge.layers import refusing
from fillwire_bridge.layers.access import note
from fillwire_bridge.parts import Parts
from fillwire_bridge.upstream import Metadata

__all__ = ["routes"]

_METHODS = {method.path: method for method in (*METHODS.values(), *HEALTH.values())}
_CALLS = metrics.CALLS.labels("grpc_web")


def routes(parts: Parts) -> list[BaseRoute]:
    """Every method of the contract, and health, where gRPC has them: `POST /fillwire.v1.OrderService/SubmitOrder`."""
    endpoint = _Endpoint(parts)
    return [
        Route(f"/{package}.{{service}}/{{method}}", endpoint, methods=["POST"])
        for package in ("fillwire.v1", "grpc.health.v1")
    ]


@dataclass(frozen=True, slots=True)
class _Call:
    """What the caller asks."""

    method: Method
    message: bytes
    metadata: Metadata
    timeout: float | None


class _Endpoint:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spoken = dialect(Headers(scope=scope).get("content-type", ""))
        if spoken is None:
            refusing.count(scope, "UNSUPPORTED_MEDIA_TYPE")
            await PlainTextResponse("application/grpc-web is spoken here\n", 415)(scope, receive, send)
            return
        answer = Answer(scope, send, spoken)
        try:
            call = await self._read(scope, receive, spoken)
            await self._answer(call, receive, answer)
        except statuses.Refusal as refusal:
            await answer.refuse(refusal.status)
        except grpc.aio.AioRpcError as error:
            await answer.end(error.code(), error.details() or "", error.trailing_metadata())
        except Gone:
            note(scope, code=grpc.StatusCode.CANCELLED.name)

    async def _read(self, scope: Scope, receive: Receive, spoken: Dialect) -> _Call:
        method = _METHODS.get(scope["path"])
        if method is None:
            raise statuses.NotServed(scope["path"])
        headers = Headers(scope=scope)
        return _Call(
            method,
            frames.message_of(spoken.read(await bodies.read(receive))),
            callers.metadata(headers, self._parts.settings),
            deadline.seconds(headers.get("grpc-timeout")),
        )

    async def _answer(self, call: _Call, receive: Receive, answer: Answer) -> None:
        streams = call.method.streams
        relay = self._follow if streams else self._ask
        draining = self._parts.draining if streams else self._parts.ending
        with _CALLS.track_inprogress():
            async with until_ended(receive, draining=draining):
                await relay(call, answer)

    async def _ask(self, call: _Call, answer: Answer) -> None:
        with self._parts.upstream.ask(call.method, call.message, metadata=call.metadata, timeout=call.timeout) as asked:
            message = await asked
            await answer.begin()
            await answer.message(message)
            await answer.end(grpc.StatusCode.OK, metadata=await asked.trailing_metadata())

    async def _follow(self, call: _Call, answer: Answer) -> None:
        with self._parts.upstream.follow(
            call.method, call.message, metadata=call.metadata, timeout=call.timeout
        ) as followed:
            await followed.initial_metadata()
            await answer.begin()
            async for message in followed:
                await answer.message(message)
            await answer.end(grpc.StatusCode.OK, metadata=await followed.trailing_metadata())
