"""One connection of a stream, from its opening to its end."""

from typing import Any, Protocol

import grpc

from fillwire.course import silent
from fillwire.sync.watchdog import Watchdog
from fillwire.wire.failures import translate

__all__ = ["Connection", "Frames"]


class Frames(Protocol):
    """The call of gRPC."""

    def __next__(self) -> Any: ...

    def cancel(self) -> object: ...


class Connection:
    """Reads frames, and takes silence for the end where there is a watchdog."""

    def __init__(self, frames: Frames, watchdog: Watchdog | None) -> None:
        self._frames = frames
        self._watchdog = watchdog

    def read(self) -> Any:
        """The next frame. `None`: the engine ended the stream with OK. Raises `ApiError` for any other end."""
        if self._watchdog:
            self._watchdog.begin()
        try:
            return next(self._frames)
        except StopIteration:
            return None
        except grpc.RpcError as error:
            if self._watchdog and self._watchdog.bitten:
                raise silent(self._watchdog.limit) from error
            raise translate(error) from error
        finally:
            if self._watchdog:
                self._watchdog.end()

    def close(self) -> None:
        """Gives the stream back; may be called twice, and from another thread."""
        if self._watchdog:
            self._watchdog.close()
        self._frames.cancel()
