"""Lets in who may: a credential decides whose call it is, and whether it may be made."""

import asyncio
from collections import Counter
from typing import Any

from structlog.contextvars import bind_contextvars

from fillwire_orders.keys import Scope
from fillwire_server import errors, metrics
from fillwire_server.accounts import CALLER, Caller
from fillwire_server.interceptors.call import Call, Context, Method, Step
from fillwire_server.keyring import KeyRing
from fillwire_server.policy import scope_of
from fillwire_server.refusals import KeyInvalid, KeyMissing, ScopeMissing, TooManyStreams

__all__ = ["Gate"]

_SCHEME = "bearer "


class Gate:
    """Checks the credential of every call but those for everybody; a stream's for as long as it is open."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._streams: Counter[str] = Counter()

    def layer(self, method: Method, step: Step) -> Step:
        """Raises `LookupError` for a method without a policy, when it is registered."""
        scope = scope_of(method.path)
        if scope is None:
            return step

        async def called(call: Call) -> None:
            await self._admit(call, scope)
            await step(call)

        async def streamed(call: Call) -> None:
            caller = await self._admit(call, scope)
            self._count(caller)
            try:
                await self._while_good(caller, call, step)
            finally:
                self._streams[caller.account_id] -= 1

        return streamed if method.streams_responses else called

    async def _admit(self, call: Call, scope: Scope) -> Caller:
        try:
            caller = await self._ring.caller(_credential(call.context))
            _check(caller, scope)
        except (KeyMissing, KeyInvalid, ScopeMissing) as refusal:
            metrics.REFUSED.labels(errors.TABLE[type(refusal)].reason).inc()
            raise
        if caller.key_id:
            bind_contextvars(key=caller.key_id)
        CALLER.set(caller)
        return caller

    def _count(self, caller: Caller) -> None:
        most = caller.limits.max_streams
        if most and self._streams[caller.account_id] >= most:
            raise TooManyStreams(most)
        self._streams[caller.account_id] += 1

    async def _while_good(self, caller: Caller, call: Call, step: Step) -> None:
        # A timeout without a time, as where the server drains: it costs nothing per frame.
        stream = asyncio.timeout(None)
        try:
            async with stream:
                with self._ring.holding(caller, stream):
                    await step(call)
        except TimeoutError:
            if not stream.expired():
                raise
            await self._ring.caller(_credential(call.context))  # says what has become of it
            raise KeyInvalid from None


def _check(caller: Caller, scope: Scope) -> None:
    if scope not in caller.scopes:
        raise ScopeMissing(scope)


def _credential(context: Context) -> str | None:
    """What stands behind "Bearer"; empty where something else is given, `None` where nothing is."""
    given: list[Any] = [value for key, value in context.invocation_metadata() or () if key == "authorization"]
    if not given:
        return None
    if len(given) > 1 or not isinstance(given[0], str) or not given[0].lower().startswith(_SCHEME):
        return ""
    return given[0][len(_SCHEME) :]
