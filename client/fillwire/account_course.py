"""The course of a watch of the account: the events of all its orders, each once, resumed by the engine's cursor."""

from collections import deque
from typing import Any, Final

from fillwire.course import Course
from fillwire.errors import Internal, Unavailable
from fillwire.event import Event
from fillwire.retry import Chance
from fillwire.talks import Steps
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2, order_service_pb2
from fillwire.wire.events import read_event
from fillwire.wire.methods import WATCH_ORDERS, Call
from fillwire.wire.symbols import of_event

__all__ = ["AccountCourse"]

_REMEMBERED: Final = 1000
"""Of how many ended orders the last seq is kept, to know a repeated event by it."""


class AccountCourse(Course[Event]):
    """The state of one watch over all its connections. `request` holds its filters; the cursor is set by this."""

    def __init__(
        self,
        request: order_service_pb2.WatchOrdersRequest,
        *,
        cursor: str | None,
        timeout: float | None,
        heartbeat_seconds: float,
        max_retries: int,
        chance: Chance,
    ) -> None:
        super().__init__(timeout=timeout, heartbeat_seconds=heartbeat_seconds, max_retries=max_retries, chance=chance)
        self.cursor = cursor
        """Behind the last frame. `None`: there was none yet."""
        self._request = request
        self._seqs: dict[str, int] = {}
        self._ended: deque[str] = deque()
        self._gap: tuple[str, int] | None = None

    @property
    def placed(self) -> bool:
        """Whether it is fixed from where the events come."""
        return bool(self.cursor) or self._request.from_start

    def call(self) -> Steps[Call[Any]]:
        yield from ()
        self._connect()
        request = order_service_pb2.WatchOrdersRequest()
        request.CopyFrom(self._request)
        if self._heartbeat_seconds is not None:
            request.heartbeat_interval.FromMilliseconds(round(self._heartbeat_seconds * 1000))
        if self.cursor:
            request.cursor = self.cursor
            request.from_start = False
        return Call(WATCH_ORDERS, request)

    def symbols(self, frame: order_service_pb2.WatchOrdersResponse) -> set[str]:
        return of_event(frame.event)

    def take(self, frame: order_service_pb2.WatchOrdersResponse, tokens: Tokens) -> Event | None:
        event: Event | None = None
        if frame.HasField("event") and self._is_next(frame.event):
            event = read_event(frame.event, tokens)
            self._note(event)
        self._hear()
        self.cursor = frame.cursor or self.cursor
        return event

    def _is_next(self, message: order_pb2.OrderEvent) -> bool:
        """Whether the event is a new one. Raises where one of the same order is missing before it."""
        last = self._seqs.get(message.order_id)
        if last is None or message.seq == last + 1:
            return True
        if message.seq <= last:
            return False
        # A filter of statuses leaves events out, and one by the client's reference may begin to hold later.
        if self._request.statuses or self._request.terminal_only or self._request.client_order_id:
            return True
        self._missing(message.order_id, last + 1, message.seq - 1)
        return False

    def _missing(self, order_id: str, first: int, last: int) -> None:
        told = f"events {first} to {last} of order {order_id} are missing"
        if self._gap == (order_id, first):
            # Asked again, the engine has left out the same: asking on would never end.
            self.finished = True
            raise Internal(told, reason="GAP")
        self._gap = (order_id, first)
        raise Unavailable(told, reason="GAP")

    def _note(self, event: Event) -> None:
        self._seqs[event.order_id] = event.seq
        if event.status.final:
            self._ended.append(event.order_id)
        if len(self._ended) > _REMEMBERED:
            self._seqs.pop(self._ended.popleft(), None)

    def name(self) -> str:
        return "watch of the account"

    def place(self) -> str:
        return "behind its cursor" if self.cursor else "from the start" if self._request.from_start else "from now"
