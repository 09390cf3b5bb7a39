"""Whether the engine can be reached: the log is told when that changes, and why."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
import structlog

from fillwire_bridge import statuses

__all__ = ["Reach"]

log = structlog.get_logger()


class Reach:
    """What calls say of the way to the engine."""

    def __init__(self, target: str) -> None:
        """As long as no call has said anything, it is taken to be there."""
        self._target = target
        self._is_lost = False

    @contextmanager
    def observed(self) -> Iterator[None]:
        """Around a call."""
        try:
            yield
        except grpc.aio.AioRpcError as error:
            # What the engine itself says has details; without them it is gRPC that speaks.
            if error.code() is grpc.StatusCode.UNAVAILABLE and not statuses.of(error).details:
                self._lose(error.details() or "")
            raise
        else:
            self._find()

    def _lose(self, reason: str) -> None:
        if not self._is_lost:
            self._is_lost = True
            log.warning("engine_unreachable", target=self._target, reason=reason)

    def _find(self) -> None:
        if self._is_lost:
            self._is_lost = False
            log.info("engine_reached", target=self._target)
