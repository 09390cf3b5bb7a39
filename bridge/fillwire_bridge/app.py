"""The bridge as one ASGI app."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from fillwire_bridge import dashboard, errors, grpc_web, health, rest, socket
from fillwire_bridge.layers import layers
from fillwire_bridge.parts import Parts

__all__ = ["bridge"]


def bridge(parts: Parts) -> Starlette:
    """Routes and layers around `parts`."""
    return Starlette(
        routes=[
            *health.routes(parts),
            *grpc_web.routes(parts),
            *rest.routes(parts),
            *socket.routes(parts),
            *dashboard.routes(parts),
        ],
        middleware=layers(parts.settings),
        exception_handlers={HTTPException: errors.not_routed},
    )
