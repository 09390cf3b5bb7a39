"""A watch of the account: the events of all its orders, over as many connections as it takes."""

from collections import deque
from typing import Self

from fillwire.account_course import AccountCourse
from fillwire.event import Event
from fillwire.retry import Policy
from fillwire.sync.line import Line
from fillwire.sync.stream import Stream

__all__ = ["AccountWatch"]


class AccountWatch(Stream[Event]):
    """Iterates over the events of all orders of the account, each once, those of an order in order; it never ends.

    A watch without a cursor begins when it is first iterated over, or at the beginning of its `with` block: what
    happens in the block is then seen, however late one looks.
    A lost connection is opened again and continues where it stopped. Iteration raises what that of a `Watch` does, and
    `Internal` (GAP) where the engine leaves out an event also when it is asked again.
    """

    def __init__(self, course: AccountCourse, line: Line, policy: Policy) -> None:
        super().__init__(course, line, policy)
        self._account = course
        self._ahead: deque[Event] = deque()

    @property
    def cursor(self) -> str | None:
        """Behind the last event given; a watch with this cursor continues there. `None`: nothing seen yet."""
        return self._account.cursor

    def _step(self) -> Event | None:
        return self._ahead.popleft() if self._ahead else super()._step()

    def __enter__(self) -> Self:
        try:
            while not (self._account.placed or self._closed):
                self._look_ahead()
        except BaseException:
            self.close()
            raise
        return self

    def _look_ahead(self) -> None:
        event = super()._step()
        if event is not None:
            self._ahead.append(event)
