"""Refuses what pages of other sites send, and tells browsers which of them may read answers.

A page of any site may send requests to any address its reader's machine can reach, this one's loopback too. CORS keeps
the page from reading the answers, not from sending, and WebSockets know no CORS at all.
"""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fillwire_bridge.layers import cors
from fillwire_bridge.layers.refusing import refuse
from fillwire_bridge.settings import BridgeSettings

__all__ = ["layer"]


def layer(app: ASGIApp, settings: BridgeSettings) -> ASGIApp:
    """Lets pass what no browser sent, what a page of the bridge's own sent, and pages of the listed origins."""
    listed = settings.origins

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        match headers.getlist("origin"):
            case [] if not _is_led_here(scope, headers):
                await app(scope, receive, send)
            case [origin] if origin in _own(scope, headers, settings):
                await app(scope, receive, send)
            case [origin] if origin in listed and cors.is_preflight(scope, headers):
                await Response(status_code=204, headers=cors.preflight(origin))(scope, receive, send)
            case [origin] if origin in listed:
                await app(scope, receive, cors.readable(send, origin))
            case _:
                message = "pages of this origin may not call: name it in FILLWIRE_BRIDGE_ORIGINS"
                await refuse(scope, receive, send, code=403, reason="ORIGIN_FOREIGN", message=message)

    return checked


def _own(scope: Scope, headers: Headers, settings: BridgeSettings) -> set[str]:
    host = headers.get("host", "").lower()
    secure = scope["scheme"] in {"https", "wss"}
    own = {f"https://{host}" if secure else f"http://{host}"}
    # The proxy in front has the TLS that the browser speaks of.
    return own | {f"https://{host}"} if settings.insecure else own


def _is_led_here(scope: Scope, headers: Headers) -> bool:
    """Whether a page of another site had a browser send this, without a word of its origin; following a link is fine."""
    if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
        return False
    return not (headers.get("sec-fetch-mode") == "navigate" and scope.get("method") in {"GET", "HEAD"})
