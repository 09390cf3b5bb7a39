"""gRPC-Web, binary and text, as `@connectrpc/connect-web` and `grpc-web` speak it.

The protocol: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md. Messages pass through as bytes.
"""

from fillwire_bridge.grpc_web.endpoint import routes

__all__ = ["routes"]
