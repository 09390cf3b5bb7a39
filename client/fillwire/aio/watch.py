"""A watch: the asynchronous twin of `fillwire.sync.watch`."""

from types import TracebackType
from typing import Self

from fillwire.aio.connection import Connection
from fillwire.aio.line import Line
from fillwire.errors import ApiError
from fillwire.event import Event
from fillwire.order import Order
from fillwire.resume import Resume, symbols
from fillwire.retry import Policy
from fillwire.status import Status

__all__ = ["AsyncWatch"]


class AsyncWatch:
    """Iterates over the events of an order, each once and in order, and ends after the final one.

    A lost connection is opened again and continues where it stopped. `aclose`, or the end of an `async with` block, gives the
    connection back early; leaving the loop does not.
    Iteration raises `ApiError` where going on is pointless (no such order, a token that is not valid), or where not
    even the first connection came about; `DeadlineExceeded` when the watch's own timeout is over.
    """

    def __init__(self, resume: Resume, line: Line, policy: Policy) -> None:
        self._resume = resume
        self._line = line
        self._policy = policy
        self._connection: Connection | None = None
        self._closed = False

    @property
    def order_id(self) -> str:
        return self._resume.order_id

    @property
    def last_seq(self) -> int | None:
        """The seq of the last event given; a watch with this `after_seq` continues there. `None`: nothing seen yet."""
        return self._resume.last_seq

    @property
    def snapshot(self) -> Order | None:
        """The order when the present connection began. `None`: before the first event."""
        return self._resume.snapshot

    @property
    def status(self) -> Status | None:
        """Where the order is, by what was seen last. `None`: before the first event."""
        return self._resume.status

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        try:
            while not (self._resume.finished or self._closed):
                event = await self._step()
                if event is not None:
                    return event
        except BaseException:
            await self.aclose()
            raise
        await self.aclose()
        raise StopAsyncIteration

    async def _step(self) -> Event | None:
        try:
            return await self._read()
        except ApiError as error:
            if self._closed:
                return None
            self._hang_up()
            pause = self._resume.pause_after(error)
        await self._line.sleep(pause)
        return None

    async def _read(self) -> Event | None:
        if self._connection is None:
            self._connection = self._line.watch(
                self._resume.request(), timeout=self._resume.timeout, silence_limit=self._resume.silence_limit
            )
        frame = await self._connection.read()
        if frame is None:
            self._resume.end_of_stream()
            return None
        tokens = await self._line.hold(self._line.conversations.tokens_of(*symbols(frame)), self._policy)
        return self._resume.take(frame, tokens)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def aclose(self) -> None:
        """Ends the watch; a loop over it, also in another task, ends too."""
        self._closed = True
        self._hang_up()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
