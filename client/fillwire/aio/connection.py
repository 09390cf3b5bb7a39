"""One connection of a stream, from its opening to its end: the asynchronous twin of `fillwire.sync.connection`."""

import asyncio
from typing import Any, Protocol

import grpc

from fillwire.course import silent
from fillwire.errors import Cancelled
from fillwire.wire.failures import translate

__all__ = ["Connection", "Frames"]


class Frames(Protocol):
    """The call of gRPC; `read` gives `grpc.aio.EOF` after the last frame."""

    async def read(self) -> object: ...

    def cancel(self) -> object: ...


class Connection:
    """Reads frames, and takes silence for the end; a limit of `None` takes none for it."""

    def __init__(self, frames: Frames, silence_limit: float | None) -> None:
        self._frames = frames
        self._silence_limit = silence_limit
        self._closed = False

    async def read(self) -> Any:
        """The next frame. `None`: the engine ended the stream with OK. Raises `ApiError` for any other end."""
        try:
            async with asyncio.timeout(self._silence_limit):
                frame = await self._frames.read()
        except TimeoutError as error:
            raise silent(self._silence_limit or 0.0) from error
        except asyncio.CancelledError:
            # gRPC reports the cancelled call by cancelling whoever reads it, who need not be the one that closed it.
            task = asyncio.current_task()
            if not self._closed or (task and task.cancelling()):
                raise
            raise Cancelled("the watch was closed") from None
        except grpc.RpcError as error:
            raise translate(error) from error
        return None if frame is grpc.aio.EOF else frame

    def close(self) -> None:
        """Gives the stream back; may be called twice, and from another task."""
        self._closed = True
        self._frames.cancel()
