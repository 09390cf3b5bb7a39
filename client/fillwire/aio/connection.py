"""One stream of a watch, from its opening to its end: the asynchronous twin of `fillwire.sync.connection`."""

import asyncio
from typing import Protocol

import grpc

from fillwire.errors import Cancelled
from fillwire.resume import silent
from fillwire.v1 import order_service_pb2
from fillwire.wire.failures import translate

__all__ = ["Connection", "Stream"]


class Stream(Protocol):
    """The call of gRPC; `read` gives `grpc.aio.EOF` after the last frame."""

    async def read(self) -> object: ...

    def cancel(self) -> object: ...


class Connection:
    """Reads frames, and takes silence for the end."""

    def __init__(self, stream: Stream, silence_limit: float) -> None:
        self._stream = stream
        self._silence_limit = silence_limit
        self._closed = False

    async def read(self) -> order_service_pb2.WatchOrderResponse | None:
        """The next frame. `None`: the engine ended the stream with OK. Raises `ApiError` for any other end."""
        try:
            async with asyncio.timeout(self._silence_limit):
                frame = await self._stream.read()
        except TimeoutError as error:
            raise silent(self._silence_limit) from error
        except asyncio.CancelledError:
            # gRPC reports the cancelled call by cancelling whoever reads it, who need not be the one that closed it.
            task = asyncio.current_task()
            if not self._closed or (task and task.cancelling()):
                raise
            raise Cancelled("the watch was closed") from None
        except grpc.RpcError as error:
            raise translate(error) from error
        return frame if isinstance(frame, order_service_pb2.WatchOrderResponse) else None

    def close(self) -> None:
        """Gives the stream back; may be called twice, and from another task."""
        self._closed = True
        self._stream.cancel()
