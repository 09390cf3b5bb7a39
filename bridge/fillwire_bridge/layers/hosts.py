"""Refuses what was sent to another name than this machine's.

A name of anybody's that points to 127.0.0.1 makes a page of theirs one of the bridge's own origin, for the browser:
DNS rebinding. Where others than this machine reach the bridge, every call needs a token, which such a page has not.
"""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from fillwire_bridge.layers.refusing import refuse
from fillwire_bridge.settings import BridgeSettings

__all__ = ["is_here", "layer"]

_HERE: Final = re.compile(r"(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)


def layer(app: ASGIApp, settings: BridgeSettings) -> ASGIApp:
    """Lets the loopback's names pass, and the hosts of listed origins: a proxy on this machine hands them on."""
    if not settings.here:
        return app
    listed = {origin.partition("://")[2] for origin in settings.origins}

    async def hosted(scope: Scope, receive: Receive, send: Send) -> None:
        match Headers(scope=scope).getlist("host"):
            case [host] if is_here(host) or host.lower() in listed:
                await app(scope, receive, send)
            case _:
                message = "this bridge serves this machine alone: call it 127.0.0.1, [::1] or localhost"
                await refuse(scope, receive, send, code=421, reason="HOST_FOREIGN", message=message)

    return hosted


def is_here(host: str) -> bool:
    """Whether a Host header, with a port or without, names the loopback."""
    return _HERE.fullmatch(host) is not None
