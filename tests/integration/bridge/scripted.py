"""A gRPC server that answers as a test wants it: without end, late, or not at all. Real gRPC, no engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc

from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as pb


class Scripted(grpc.GenericRpcHandler):
    """Streams `frame` as fast as it is taken, and tells who takes how much; an answer that comes once waits for `go`."""

    def __init__(self, *, frame_bytes: int = 4096) -> None:
        self.frame = pb.WatchOrdersResponse(cursor="x" * frame_bytes).SerializeToString()
        self.taken: dict[str, int] = {}
        self.left: set[str] = set()
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        if str(details.method).endswith("/WatchOrders"):
            return grpc.unary_stream_rpc_method_handler(self._flood)
        if str(details.method).endswith("/ListTokens"):
            return grpc.unary_unary_rpc_method_handler(self._answer)
        return None

    async def _flood(self, request: bytes, _context: Any) -> AsyncIterator[bytes]:
        name = pb.WatchOrdersRequest.FromString(request).cursor
        self.taken[name] = 0
        try:
            while True:
                yield self.frame
                self.taken[name] += 1
        finally:
            self.left.add(name)

    async def _answer(self, _request: bytes, _context: Any) -> bytes:
        self.asked.set()
        await self.go.wait()
        return market.ListTokensResponse().SerializeToString()

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[int]:
        """Serves while the block runs, and gives the port; what is open at its end is cut off."""
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers([self])
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
        await server.start()
        try:
            yield bound
        finally:
            await server.stop(0)
