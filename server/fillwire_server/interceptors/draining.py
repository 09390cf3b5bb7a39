"""Ends streams when the server is about to stop: a client that is told so at once resumes elsewhere at once."""

import asyncio

from fillwire_server.interceptors.call import Call, Method, Step
from fillwire_server.refusals import Draining

__all__ = ["Drain"]


class Drain:
    """Knows the open streams; after `begin` there are none, and none begins."""

    def __init__(self) -> None:
        self._begun = False
        self._streams: set[asyncio.Timeout] = set()

    def begin(self) -> None:
        """Has every stream raise `Draining` where it stands; calls that answer once go on."""
        self._begun = True
        now = asyncio.get_running_loop().time()
        for stream in self._streams:
            stream.reschedule(now)

    def layer(self, method: Method, step: Step) -> Step:
        if not method.streams_responses:
            return step

        async def drained(call: Call) -> None:
            if self._begun:
                raise Draining
            # A timeout without a time: it costs nothing per frame, and cancels and cleans up as the library does it.
            stream = asyncio.timeout(None)
            try:
                async with stream:
                    self._streams.add(stream)
                    await step(call)
            except TimeoutError:
                if stream.expired():
                    raise Draining from None
                raise
            finally:
                self._streams.discard(stream)

        return drained
