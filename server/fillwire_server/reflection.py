"""Reflection: what grpcurl and the like read the contract from."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

from google.protobuf import descriptor_pool
from grpc_reflection.v1alpha.reflection import aio
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

__all__ = ["ReflectionServicer"]


class ReflectionServicer:
    """The library's, which here also describes methods: protobuf finds the file of a service by name, not of a method."""

    def __init__(self, services: Sequence[str]) -> None:
        # Its stub takes an asynchronous generator for a coroutine.
        self._library: Any = aio.ReflectionServicer(services)

    async def ServerReflectionInfo(  # noqa: N802 - gRPC calls it as the contract names it
        self, requests: AsyncIterator[ServerReflectionRequest], context: Any
    ) -> AsyncIterator[ServerReflectionResponse]:
        async with aclosing(self._library.ServerReflectionInfo(_of_services(requests), context)) as answers:
            async for answer in answers:
                yield answer


async def _of_services(requests: AsyncIterator[ServerReflectionRequest]) -> AsyncIterator[ServerReflectionRequest]:
    """The same requests; those for a method ask for its service, which is in the same file."""
    async for request in requests:
        try:
            method = descriptor_pool.Default().FindMethodByName(request.file_containing_symbol)
        except KeyError:
            yield request
        else:
            yield ServerReflectionRequest(host=request.host, file_containing_symbol=method.containing_service.full_name)
