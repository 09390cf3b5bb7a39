"""Calls of the engine, with bytes in and bytes out, over as many connections as they take."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import grpc

from fillwire.credentials import credentials
from fillwire.settings import CHANNEL_OPTIONS, Settings
from fillwire_bridge.contract import Method
from fillwire_bridge.reach import Reach

__all__ = ["Metadata", "Upstream"]

Metadata = Sequence[tuple[str, str]]

# The engine lets a connection have 1,000 calls; beyond that they would wait in silence.
_MOST_CALLS: Final = 900
_ANSWER_SECONDS: Final = 30.0

_OPTIONS: Final = (
    *CHANNEL_OPTIONS,
    # Channels to the same target would otherwise share one connection.
    ("grpc.use_local_subchannel_pool", 1),
    # gRPC would offer the engine megabytes of room for each stream, also for one that nobody reads. Now it is 64 KiB, so
    # that a stream is as fast as the way to the engine is short.
    ("grpc.http2.bdp_probe", 0),
    # A page of 200 orders with all their routes.
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
)


@dataclass(slots=True)
class _Lane:
    """A connection and how many calls are open on it."""

    channel: grpc.aio.Channel
    open: int = 0


class Upstream:
    """The engine. Calls raise `grpc.aio.AioRpcError`; a call that is left before its end is cancelled."""

    def __init__(self, settings: Settings) -> None:
        """Connects with the first call. Raises `OSError` for a file of TLS that cannot be read."""
        self._target = settings.target
        self._credentials = credentials(settings.tls) if settings.tls else None
        self._lanes: list[_Lane] = []
        self._reach = Reach(settings.target)

    @contextmanager
    def ask(
        self, method: Method, request: bytes, *, metadata: Metadata = (), timeout: float | None = None
    ) -> Iterator["grpc.aio.UnaryUnaryCall[bytes, bytes]"]:
        """A call that answers once, within `timeout` seconds, by default 30: await it for the message."""
        with self._lane() as lane:
            ask: Any = lane.channel.unary_unary(method.path)
            call = ask(request, metadata=_metadata(metadata), timeout=_ANSWER_SECONDS if timeout is None else timeout)
            try:
                yield call
            finally:
                call.cancel()

    @contextmanager
    def follow(
        self, method: Method, request: bytes, *, metadata: Metadata = (), timeout: float | None = None
    ) -> Iterator["grpc.aio.UnaryStreamCall[bytes, bytes]"]:
        """A call that answers with a stream, for `timeout` seconds, by default as long as it lasts: iterate over it."""
        with self._lane() as lane:
            follow: Any = lane.channel.unary_stream(method.path)
            call = follow(request, metadata=_metadata(metadata), timeout=timeout)
            try:
                yield call
            finally:
                call.cancel()

    async def aclose(self) -> None:
        """Ends all connections, and the calls that are open on them."""
        for lane in self._lanes:
            await lane.channel.close()
        self._lanes.clear()

    @contextmanager
    def _lane(self) -> Iterator[_Lane]:
        lane = next((lane for lane in self._lanes if lane.open < _MOST_CALLS), None) or self._connect()
        lane.open += 1
        try:
            with self._reach.observed():
                yield lane
        finally:
            lane.open -= 1

    def _connect(self) -> _Lane:
        lane = _Lane(
            grpc.aio.secure_channel(self._target, self._credentials, _OPTIONS)
            if self._credentials
            else grpc.aio.insecure_channel(self._target, _OPTIONS)
        )
        self._lanes.append(lane)
        return lane


def _metadata(pairs: Metadata) -> tuple[tuple[str, str], ...]:
    return tuple(pairs)
