"""A watch: the events of one order, over as many connections as it takes."""

from types import TracebackType
from typing import Self

from fillwire.errors import ApiError
from fillwire.event import Event
from fillwire.order import Order
from fillwire.resume import Resume, symbols
from fillwire.retry import Policy
from fillwire.status import Status
from fillwire.sync.connection import Connection
from fillwire.sync.line import Line

__all__ = ["Watch"]


class Watch:
    """Iterates over the events of an order, each once and in order, and ends after the final one.

    A lost connection is opened again and continues where it stopped. `close`, or the end of a `with` block, gives the
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

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        try:
            while not (self._resume.finished or self._closed):
                event = self._step()
                if event is not None:
                    return event
        except BaseException:
            self.close()
            raise
        self.close()
        raise StopIteration

    def _step(self) -> Event | None:
        try:
            return self._read()
        except ApiError as error:
            if self._closed:
                return None
            self._hang_up()
            pause = self._resume.pause_after(error)
        self._line.sleep(pause)
        return None

    def _read(self) -> Event | None:
        if self._connection is None:
            self._connection = self._line.watch(
                self._resume.request(), timeout=self._resume.timeout, silence_limit=self._resume.silence_limit
            )
        frame = self._connection.read()
        if frame is None:
            self._resume.end_of_stream()
            return None
        tokens = self._line.hold(self._line.conversations.tokens_of(*symbols(frame)), self._policy)
        return self._resume.take(frame, tokens)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Ends the watch; a loop over it, also in another thread, ends too."""
        self._closed = True
        self._hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
