"""The life of one socket: it is accepted, it is served, it is closed, and one line of it stays in the log."""

from collections.abc import Iterator
from contextlib import suppress
from time import perf_counter
from typing import Final

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from fillwire_bridge.parts import Parts
from fillwire_bridge.socket.closing import GONE, Closed, Code
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.socket.session import Session

__all__ = ["SUBPROTOCOL", "live"]

SUBPROTOCOL: Final = "fillwire.v1+json"

Ending = Closed | WebSocketDisconnect

log = structlog.get_logger()


async def live(socket: WebSocket, parts: Parts, limits: Limits) -> None:
    """To the end of `socket`, and of all its calls; raises nothing."""
    began = perf_counter()
    session = Session(socket, parts, limits)
    why = await _converse(socket, session)
    if isinstance(why, Closed) and socket.application_state is WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect):
            await socket.close(why.code, why.reason)
    told = {"code": int(why.code), "reason": why.reason, "calls": session.started, "messages": session.relayed}
    log.info("socket_ended", **told, seconds=round(perf_counter() - began, 3))


async def _converse(socket: WebSocket, session: Session) -> Ending:
    """Why it ended."""
    why: Ending = Closed(Code.FAILED, "internal error")
    try:
        await _accept(socket)
        await session.run()
    except* (Closed, WebSocketDisconnect) as ended:
        why = max(_each(ended), key=lambda one: one.code != GONE)  # each call finds out for itself that it is gone
    except* Exception:
        log.exception("socket_failed")
    return why


async def _accept(socket: WebSocket) -> None:
    try:
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in socket.scope["subprotocols"] else None)
    except OSError:  # it left before; Starlette knows that of open sockets only
        raise WebSocketDisconnect(GONE) from None


def _each(ended: "BaseExceptionGroup[Ending]") -> Iterator[Ending]:
    for one in ended.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _each(one)
        else:
            yield one
