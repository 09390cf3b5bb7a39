"""Names every request, and leaves one line of it in the log."""

from time import perf_counter
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fillwire_bridge import errors
from fillwire_bridge.callers import REQUEST_ID, request_id

__all__ = ["layer", "note"]

_NOTES: Final = "fillwire.notes"
_STARTS: Final = frozenset({"http.response.start", "websocket.http.response.start"})
_CALLS: Final = ("/v1/", "/fillwire.v1.")

log = structlog.get_logger()


def layer(app: ASGIApp) -> ASGIApp:
    """Takes the caller's request id, or makes one; tells it in the answer; logs how the request ended.

    A WebSocket's own end is logged where it is served.
    """

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        name = request_id(Headers(scope=scope))
        answer = _Answer(send, name)
        MutableHeaders(scope=scope)[REQUEST_ID] = name
        scope[_NOTES] = {}
        structlog.contextvars.bind_contextvars(request_id=name)
        try:
            await app(scope, receive, answer.send)
        except Exception:
            log.exception("request_failed", path=scope["path"])
            await _answer_all_the_same(scope, receive, answer)
        finally:
            _write(scope, answer, started)

    return named


def note(scope: Scope, **said: str) -> None:
    """Has the request's line in the log say more."""
    scope.setdefault(_NOTES, {}).update(said)


class _Answer:
    """An answer on its way out; `code` is its HTTP status, 0 as long as there is none."""

    def __init__(self, send: Send, name: str) -> None:
        self._send = send
        self.name = name
        self.code = 0

    async def send(self, message: Message) -> None:
        if message["type"] in _STARTS:
            self.code = message["status"]
            MutableHeaders(scope=message)[REQUEST_ID] = self.name
        elif message["type"] == "websocket.accept":
            self.code = 101
            MutableHeaders(scope=message)[REQUEST_ID] = self.name
        await self._send(message)


async def _answer_all_the_same(scope: Scope, receive: Receive, answer: _Answer) -> None:
    if not answer.code:
        await errors.internal(answer.name)(scope, receive, answer.send)


def _write(scope: Scope, answer: _Answer, started: float) -> None:
    notes = scope.get(_NOTES, {})
    if scope["type"] != "http" and not notes:
        return
    write = log.info if notes or scope["path"].startswith(_CALLS) else log.debug
    ms = round((perf_counter() - started) * 1e3, 2)
    verb = scope.get("method", "UPGRADE")
    write("request", verb=verb, path=scope["path"][:200], status=answer.code, **notes, ms=ms)
