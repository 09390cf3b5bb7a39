"""Names every call, and leaves one line of it in the log."""

import asyncio
import os
import re
from time import perf_counter
from typing import Final

import grpc
import structlog

from fillwire_server.interceptors.call import Call, Context, Method, Step

__all__ = ["REQUEST_ID", "layer"]

REQUEST_ID: Final = "x-request-id"
"""The metadata key of the call's name, both ways."""

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")

log = structlog.get_logger()


def layer(method: Method, step: Step) -> Step:
    """Takes the client's request id, or makes one; tells it in the initial metadata; logs how the call ended."""
    write = log.info if method.is_ours else log.debug
    path = method.path

    async def named(call: Call) -> None:
        started = perf_counter()
        call.request_id = _request_id(call.context)
        # The task is this call's alone, so what is bound to its context ends with it.
        structlog.contextvars.bind_contextvars(request_id=call.request_id)
        try:
            await call.context.send_initial_metadata(((REQUEST_ID, call.request_id),))
            await step(call)
        except asyncio.CancelledError:
            call.code = grpc.StatusCode.CANCELLED
            raise
        finally:
            write("rpc", method=path, code=call.code.name, ms=round((perf_counter() - started) * 1e3, 2))

    return named


def _request_id(context: Context) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == REQUEST_ID and isinstance(value, str) and _WELL_FORMED.fullmatch(value):
            return value
    return os.urandom(16).hex()
