"""A watch of the account: the events of all its orders, as `fillwire.sync.account_watch` gives them."""

from collections import deque
from typing import Self

from fillwire.account_course import AccountCourse
from fillwire.aio.line import Line
from fillwire.aio.stream import AsyncStream
from fillwire.event import Event
from fillwire.retry import Policy

__all__ = ["AsyncAccountWatch"]


class AsyncAccountWatch(AsyncStream[Event]):
    """Iterates over the events of all orders of the account, each once, those of an order in order; it never ends.

    A watch without a cursor begins when it is first iterated over, or at the beginning of its `async with` block: what
    happens in the block is then seen, however late one looks.
    A lost connection is opened again and continues where it stopped. Iteration raises what that of an `AsyncWatch` does,
    and `Internal` (GAP) where the engine leaves out an event also when it is asked again.
    """

    def __init__(self, course: AccountCourse, line: Line, policy: Policy) -> None:
        super().__init__(course, line, policy)
        self._account = course
        self._ahead: deque[Event] = deque()

    @property
    def cursor(self) -> str | None:
        """Behind the last event given; a watch with this cursor continues there. `None`: nothing seen yet."""
        return self._account.cursor

    async def _step(self) -> Event | None:
        return self._ahead.popleft() if self._ahead else await super()._step()

    async def __aenter__(self) -> Self:
        try:
            while not (self._account.placed or self._closed):
                await self._look_ahead()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def _look_ahead(self) -> None:
        event = await super()._step()
        if event is not None:
            self._ahead.append(event)
