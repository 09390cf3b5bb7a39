"""How a layer turns a request or a WebSocket down, before anything of it is looked at."""

import grpc
from starlette.types import Receive, Scope, Send

from fillwire_bridge import errors, metrics, statuses
from fillwire_bridge.layers.access import note

__all__ = ["refuse"]


async def refuse(scope: Scope, receive: Receive, send: Send, *, code: int, reason: str, message: str) -> None:
    """Answers with `code` and says why; a WebSocket is answered so in place of its upgrade."""
    metrics.REFUSED.labels(reason).inc()
    note(scope, reason=reason)
    status = statuses.refused(grpc.StatusCode.PERMISSION_DENIED, reason, message)
    await errors.answer(code, status)(scope, receive, send)
