"""Tells in the trailing metadata of a call that submits what is left of the account's orders a minute."""

import math

from fillwire_orders.keys import Scope
from fillwire_server.interceptors.call import Call, Method, Step
from fillwire_server.limiting import COUNTED
from fillwire_server.policy import scope_of

__all__ = ["layer"]


def layer(method: Method, step: Step) -> Step:
    """Adds `x-ratelimit-limit`, `-remaining` and `-reset` (whole seconds) where an order was counted, or refused."""
    if scope_of(method.path) is not Scope.TRADE:
        return step

    async def told(call: Call) -> None:
        try:
            await step(call)
        finally:
            if quota := COUNTED.get():
                call.context.set_trailing_metadata(
                    (
                        ("x-ratelimit-limit", str(quota.limit)),
                        ("x-ratelimit-remaining", str(quota.remaining)),
                        ("x-ratelimit-reset", str(math.ceil(quota.reset_seconds))),
                    )
                )

    return told
