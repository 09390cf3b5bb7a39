"""A stream over as many connections as it takes."""

from types import TracebackType
from typing import Generic, Self, TypeVar

from fillwire.course import Course
from fillwire.errors import ApiError
from fillwire.retry import Policy
from fillwire.sync.connection import Connection
from fillwire.sync.line import Line

__all__ = ["Stream"]

T = TypeVar("T")


class Stream(Generic[T]):
    """Iterates over what the engine sends; opens nothing before it is iterated over.

    A lost connection is opened again. `close`, or the end of a `with` block, gives the connection back early; leaving
    the loop does not.
    Iteration raises `ApiError` where going on is pointless (a token that is not valid), or where not even the first
    connection came about; `DeadlineExceeded` when the stream's own timeout is over.
    """

    def __init__(self, course: Course[T], line: Line, policy: Policy) -> None:
        self._course = course
        self._line = line
        self._policy = policy
        self._connection: Connection | None = None
        self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        try:
            while not (self._course.finished or self._closed):
                found = self._step()
                if found is not None:
                    return found
        except BaseException:
            self.close()
            raise
        self.close()
        raise StopIteration

    def _step(self) -> T | None:
        try:
            return self._read()
        except ApiError as error:
            if self._closed:
                return None
            self._hang_up()
            pause = self._course.pause_after(error)
        self._line.sleep(pause)
        return None

    def _read(self) -> T | None:
        if self._connection is None:
            call = self._line.hold(self._course.call(), self._policy)
            self._connection = self._line.open(
                call, timeout=self._course.timeout, silence_limit=self._course.silence_limit
            )
            # Whoever closed the stream meanwhile saw no connection to close.
            if self._closed:
                self._connection.close()
        frame = self._connection.read()
        if frame is None:
            self._course.end_of_stream()
            return None
        known = self._line.conversations.known
        tokens = self._line.hold(known.tokens_of(*self._course.symbols(frame)), self._policy)
        return self._course.take(frame, tokens)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Ends the stream; a loop over it, also in another thread, ends too."""
        self._closed = True
        self._hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
