"""Counts and times every call, by method."""

import asyncio
from time import perf_counter

from grpc import StatusCode

from fillwire_server import metrics
from fillwire_server.interceptors.call import Call, Method, Step

__all__ = ["layer"]


def layer(method: Method, step: Step) -> Step:
    """Counts calls by code; times those that answer once, counts the open ones of those that stream."""
    handled = {code: metrics.HANDLED.labels(method.path, code.name) for code in StatusCode}
    seconds = metrics.HANDLING_SECONDS.labels(method.path)
    streams = metrics.STREAMS.labels(method.path)

    async def timed(call: Call) -> None:
        started = perf_counter()
        try:
            await step(call)
        finally:
            seconds.observe(perf_counter() - started)

    async def opened(call: Call) -> None:
        with streams.track_inprogress():
            await step(call)

    inner = opened if method.streams_responses else timed

    async def counted(call: Call) -> None:
        try:
            await inner(call)
        except asyncio.CancelledError:
            handled[StatusCode.CANCELLED].inc()
            raise
        except BaseException:
            handled[call.code].inc()
            raise
        else:
            handled[call.code].inc()

    return counted
