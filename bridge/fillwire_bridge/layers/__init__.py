"""What happens around every request and every WebSocket, each concern written once.

A layer is a function from an ASGI app to an ASGI app. From the outside in, a request passes:

    access     gets its id, leaves one line in the log, is answered even where we fail
    guarding   has its answer tell browsers what it may not be used for
    hosts      is refused where it names a host that is not this machine
    origins    is refused where a page of another site sent it
"""

from collections.abc import Sequence

from starlette.middleware import Middleware

from fillwire_bridge.layers import access, guarding, hosts, origins
from fillwire_bridge.settings import BridgeSettings

__all__ = ["layers"]


def layers(settings: BridgeSettings) -> Sequence[Middleware]:
    """All layers, the outermost first."""
    return (
        Middleware(access.layer),
        Middleware(guarding.layer),
        Middleware(hosts.layer, settings),
        Middleware(origins.layer, settings),
    )
