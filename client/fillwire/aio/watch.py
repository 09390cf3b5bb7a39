"""A watch: the asynchronous twin of `fillwire.sync.watch`."""

from fillwire.aio.line import Line
from fillwire.aio.stream import AsyncStream
from fillwire.event import Event
from fillwire.order import Order
from fillwire.resume import Resume
from fillwire.retry import Policy
from fillwire.status import Status

__all__ = ["AsyncWatch"]


class AsyncWatch(AsyncStream[Event]):
    """Iterates over the events of an order, each once and in order, and ends after the final one.

    A lost connection is opened again and continues where it stopped. `aclose`, or the end of an `async with` block,
    gives the connection back early; leaving the loop does not.
    Iteration raises `ApiError` where going on is pointless (no such order, a token that is not valid), or where not
    even the first connection came about; `DeadlineExceeded` when the watch's own timeout is over.
    """

    def __init__(self, resume: Resume, line: Line, policy: Policy) -> None:
        super().__init__(resume, line, policy)
        self._resume = resume

    @property
    def order_id(self) -> str:
        """Empty while an order that is submitted by this watch is not known to be stored."""
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
