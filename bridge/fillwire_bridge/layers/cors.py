"""What the bridge tells browsers about pages of listed origins (https://fetch.spec.whatwg.org/#http-cors-protocol).

Never "*", and never with credentials: there are no cookies, and a token is a header that the page must have itself.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

__all__ = ["is_preflight", "preflight", "readable"]

_ASKED: Final = (
    "authorization, content-type, grpc-timeout, idempotency-key, if-match, last-event-id, request-timeout, "
    "x-grpc-web, x-request-id, x-user-agent"
)
_EXPOSED: Final = (
    "grpc-status, grpc-message, grpc-status-details-bin, etag, link, location, retry-after, www-authenticate, x-request-id, "
    "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset"
)


def is_preflight(scope: Scope, headers: Headers) -> bool:
    """Whether a browser asks before it sends what a page wants sent."""
    return scope.get("method") == "OPTIONS" and "access-control-request-method" in headers


def preflight(origin: str) -> dict[str, str]:
    """The answer: what a page of `origin` may send, for two hours, which is as long as browsers remember."""
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": _ASKED,
        "access-control-max-age": "7200",
        "vary": "origin",
    }


def readable(send: Send, origin: str) -> Send:
    """A way to answer that lets pages of `origin` read the answer."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = _EXPOSED
            headers.add_vary_header("origin")
        await send(message)

    return told
