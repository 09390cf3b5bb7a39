"""JSON over HTTP below /v1: one request one answer, and streams as Server-Sent Events or lines of JSON."""

from fillwire_bridge.rest.routes import routes

__all__ = ["routes"]
