"""The course of a submit that is watched: submitted again until the order is known, and watched from then on."""

from collections.abc import Callable
from typing import Any

from fillwire.event import Event
from fillwire.resume import Ask, Resume
from fillwire.retry import Chance
from fillwire.talks import Steps
from fillwire.tokens import Tokens
from fillwire.v1 import order_service_pb2
from fillwire.wire.methods import SUBMIT_AND_WATCH_ORDER, Call
from fillwire.wire.orders import read_order
from fillwire.wire.symbols import of_event, of_order

__all__ = ["Submission"]

Request = order_service_pb2.SubmitOrderRequest
Frame = order_service_pb2.WatchOrderResponse | order_service_pb2.SubmitAndWatchOrderResponse


class Submission(Resume):
    """A watch that begins with a submit.

    The request, with its id, is made once: no connection can make a second order.
    """

    def __init__(self, write: Callable[[], Steps[Request]], ask: Ask, *, max_retries: int, chance: Chance) -> None:
        super().__init__("", ask, max_retries=max_retries, chance=chance)
        self._write = write
        self._request: Request | None = None

    def call(self) -> Steps[Call[Any]]:
        if self.snapshot is not None:
            return (yield from super().call())
        if self._request is None:
            self._request = yield from self._write()
        request = order_service_pb2.SubmitAndWatchOrderRequest(
            order=self._request,
            heartbeat_interval=self._ask.heartbeat_interval,
            terminal_only=self._ask.terminal_only,
        )
        return Call(SUBMIT_AND_WATCH_ORDER, request)

    def symbols(self, frame: Frame) -> set[str]:
        if isinstance(frame, order_service_pb2.WatchOrderResponse):
            return super().symbols(frame)
        return of_order(frame.submitted.order) | of_event(frame.event)

    def take(self, frame: Frame, tokens: Tokens) -> Event | None:
        if isinstance(frame, order_service_pb2.WatchOrderResponse):
            return super().take(frame, tokens)
        match frame.WhichOneof("frame"):
            case "submitted":
                answer = frame.submitted
                self.order_id = answer.order.order_id
                self.begin(read_order(answer.order, tokens, deduplicated=answer.deduplicated))
                return None
            case "event":
                return self.step(frame.event, tokens)
            case "heartbeat":
                self.beat(frame.heartbeat.last_seq)
                return None
            case None:
                return None

    def standing(self) -> str:
        return super().standing() if self.order_id else "whether the order was submitted is not known"
