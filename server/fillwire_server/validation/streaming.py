"""What is to be streamed of an account, or of an order that is yet to be submitted."""

from dataclasses import dataclass

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import BadCursor, Cursor, Wish
from fillwire_server.refusals import InvalidRequest, Violation
from fillwire_server.validation.form import Form
from fillwire_server.validation.listing import statuses
from fillwire_server.validation.watching import heartbeat

__all__ = ["Following", "Submitting", "cursor", "following", "submitting", "within_order"]


@dataclass(frozen=True, slots=True)
class Following:
    """Which events of the account to stream: those after `after`; `None`: from the first, or from now on."""

    after: Cursor | None
    from_start: bool
    wish: Wish
    heartbeat_seconds: float


def following(request: pb.WatchOrdersRequest) -> Following:
    """Reads a request to watch an account; raises `InvalidRequest`."""
    form = Form()
    heartbeat_seconds = heartbeat(form, request)
    wish = Wish(
        statuses=frozenset(statuses(form, request.statuses)),
        token_in=form.token("token_in", request.token_in) if request.token_in else "",
        token_out=form.token("token_out", request.token_out) if request.token_out else "",
        client_order_id=form.reference("client_order_id", request.client_order_id),
        final_only=request.terminal_only,
    )
    after = cursor(form, request.cursor) if request.cursor else None
    form.check()
    return Following(after, request.from_start, wish, heartbeat_seconds)


def cursor(form: Form, text: str) -> Cursor | None:
    """A place in an account's events, from its text."""
    try:
        return Cursor.read(text)
    except BadCursor as error:
        form.refuse("cursor", str(error))
        return None


@dataclass(frozen=True, slots=True)
class Submitting:
    """How to stream an order that is yet to be submitted."""

    heartbeat_seconds: float
    final_only: bool


def submitting(request: pb.SubmitAndWatchOrderRequest) -> Submitting:
    """Reads a request to submit and watch, but for the order itself; raises `InvalidRequest`."""
    form = Form()
    heartbeat_seconds = heartbeat(form, request)
    if not request.HasField("order"):
        form.refuse("order", "must be given")
    if request.order.validate_only:
        form.refuse("order.validate_only", "must be false: there would be nothing to watch")
    form.check()
    return Submitting(heartbeat_seconds, request.terminal_only)


def within_order(error: InvalidRequest) -> InvalidRequest:
    """What is wrong with the order, by its place in a request that holds it."""
    return InvalidRequest([Violation(f"order.{one.field}", one.rule) for one in error.violations])
