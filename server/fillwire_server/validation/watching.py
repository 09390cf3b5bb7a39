"""Which order is meant, and from where it is watched."""

from dataclasses import dataclass

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import OrderId, OrderNotFound, RequestId
from fillwire_server.refusals import InvalidRequest, Violation
from fillwire_server.validation.form import Form

__all__ = ["Watching", "heartbeat", "order_id", "reference", "request_id", "watching"]

_HEARTBEAT_SECONDS = 15.0
_SHOWN = 64

_Watched = pb.WatchOrderRequest | pb.WatchOrdersRequest | pb.SubmitAndWatchOrderRequest


@dataclass(frozen=True, slots=True)
class Watching:
    """What to stream; `after_seq` of `None`: what comes after the snapshot."""

    order_id: OrderId
    after_seq: int | None
    heartbeat_seconds: float
    final_only: bool


def watching(request: pb.WatchOrderRequest) -> Watching:
    """Reads a request to watch; raises `InvalidRequest`, and `OrderNotFound` where no order can have such an id."""
    form = Form()
    after_seq = request.after_seq if request.HasField("after_seq") else None
    if after_seq is not None and after_seq < 0:
        form.refuse("after_seq", "must not be negative")
    heartbeat_seconds = heartbeat(form, request)
    if not request.order_id:
        form.refuse("order_id", "must be given")
    form.check()
    return Watching(order_id(request.order_id), after_seq, heartbeat_seconds, request.terminal_only)


def heartbeat(form: Form, request: _Watched) -> float:
    """How long the stream may be silent, in seconds."""
    if not request.HasField("heartbeat_interval"):
        return _HEARTBEAT_SECONDS
    return form.seconds("heartbeat_interval", request.heartbeat_interval, 1, 60)


def order_id(text: str) -> OrderId:
    """The id in its canonical form; raises `InvalidRequest` for none, `OrderNotFound` for one no order can have."""
    return OrderId(_id("order_id", text))


def request_id(text: str) -> RequestId:
    """As `order_id`, for the id an order was submitted with."""
    return RequestId(_id("request_id", text))


def reference(text: str) -> str:
    """A client's own reference; raises `InvalidRequest` for none, and for one no order can have."""
    form = Form()
    if not form.reference("client_order_id", text):
        form.refuse("client_order_id", "must be given")
    form.check()
    return text


def _id(field: str, text: str) -> str:
    if not text:
        raise InvalidRequest([Violation(field, "must be given")])
    form = Form()
    canonical = form.uuid(field, text)
    try:
        form.check()
    except InvalidRequest:
        # To its owner an id is opaque: one that is made up and one that is malformed name no order alike.
        raise OrderNotFound(text[:_SHOWN]) from None
    return canonical
