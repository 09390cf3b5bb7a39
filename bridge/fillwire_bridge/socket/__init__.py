"""The WebSocket: any call of the contract, many at a time, as JSON. docs/socket.md is its specification."""

from fillwire_bridge.socket.routes import routes
from fillwire_bridge.socket.wire import UVICORN

__all__ = ["UVICORN", "routes"]
