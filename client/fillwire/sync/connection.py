"""One stream of a watch, from its opening to its end."""

from typing import Protocol

import grpc

from fillwire.resume import silent
from fillwire.sync.watchdog import Watchdog
from fillwire.v1 import order_service_pb2
from fillwire.wire.failures import translate

__all__ = ["Connection", "Stream"]


class Stream(Protocol):
    """The call of gRPC."""

    def __next__(self) -> order_service_pb2.WatchOrderResponse: ...

    def cancel(self) -> object: ...


class Connection:
    """Reads frames, and takes silence for the end."""

    def __init__(self, stream: Stream, watchdog: Watchdog) -> None:
        self._stream = stream
        self._watchdog = watchdog

    def read(self) -> order_service_pb2.WatchOrderResponse | None:
        """The next frame. `None`: the engine ended the stream with OK. Raises `ApiError` for any other end."""
        self._watchdog.begin()
        try:
            return next(self._stream)
        except StopIteration:
            return None
        except grpc.RpcError as error:
            if self._watchdog.bitten:
                raise silent(self._watchdog.limit) from error
            raise translate(error) from error
        finally:
            self._watchdog.end()

    def close(self) -> None:
        """Gives the stream back; may be called twice, and from another thread."""
        self._watchdog.close()
        self._stream.cancel()
