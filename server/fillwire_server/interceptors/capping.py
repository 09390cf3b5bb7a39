"""Gives every call that answers once an end."""

import asyncio
from typing import Final

from fillwire_server.interceptors.call import Call, Method, Step
from fillwire_server.refusals import TooSlow

__all__ = ["CAP_SECONDS", "layer"]

CAP_SECONDS: Final = 30.0
"""The longest such a call may take, whatever deadline the client has set."""


def layer(method: Method, step: Step) -> Step:
    """Ends a call with `TooSlow` at the cap; gRPC itself sees to deadlines before it. Streams may last."""
    if method.streams_responses:
        return step

    async def capped(call: Call) -> None:
        cap = asyncio.timeout(CAP_SECONDS)
        try:
            async with cap:
                await step(call)
        except TimeoutError:
            if cap.expired():
                raise TooSlow(CAP_SECONDS) from None
            raise

    return capped
