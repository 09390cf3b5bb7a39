"""How a request or a WebSocket is turned down, and that it is counted."""

import grpc
from starlette.types import Receive, Scope, Send

from fillwire_bridge import errors, metrics, statuses
from fillwire_bridge.layers.access import note

__all__ = ["count", "refuse"]


async def refuse(scope: Scope, receive: Receive, send: Send, *, code: int, reason: str, message: str) -> None:
    """A layer's answer, before anything of it is looked at; a WebSocket is answered so in place of its upgrade."""
    count(scope, reason)
    status = statuses.refused(grpc.StatusCode.PERMISSION_DENIED, reason, message)
    await errors.answer(code, status)(scope, receive, send)


def count(scope: Scope, reason: str) -> None:
    """Has the metrics and the request's line in the log tell of it; `reason` is one that the bridge itself has words for."""
    metrics.REFUSED.labels(reason).inc()
    note(scope, reason=reason)
