"""Orders and what was asked for."""

from typing import Final

from fillwire.v1 import order_pb2 as pb
from fillwire_orders import FINAL, Order, RequestId, Status, Terms
from fillwire_server.wire.events import STATUSES, failure, receipt
from fillwire_server.wire.routes import route
from fillwire_server.wire.scalars import amount, plain, timestamp
from fillwire_server.wire.specs import spec

__all__ = ["draft", "order", "status_of"]

_STATUS_OF: Final[dict[int, Status]] = {number: status for status, number in STATUSES.items()}


def status_of(number: int) -> Status | None:
    """The status of this number; `None`: there is none."""
    return _STATUS_OF.get(number)


def order(it: Order) -> pb.Order:
    """An order as it is at that moment."""
    return pb.Order(
        order_id=it.id,
        request_id=it.request_id,
        spec=spec(it.terms),
        status=STATUSES[it.status],
        last_seq=it.last_seq,
        attempt=it.attempt,
        create_time=timestamp(it.created_at),
        update_time=timestamp(it.updated_at),
        floor_amount_out=amount(it.floor_amount_out),
        route=None if it.route is None else route(it.route),
        signature=it.signature or "",
        receipt=None if it.receipt is None else receipt(it.receipt, accepted_at=it.created_at, ended_at=it.updated_at),
        failure=None if it.failure is None else failure(it.failure),
        parent_order_id=it.parent_id or "",
        ceiling_amount_in=amount(it.ceiling_amount_in),
        filled_amount_in=amount(it.filled_amount_in or None),
        filled_amount_out=amount(it.filled_amount_out or None),
        cancel_requested=it.cancel_requested and it.status not in FINAL,
        arrival_mid_price="" if it.arrival_mid_price is None else plain(it.arrival_mid_price),
        hash=it.hash,
    )


def draft(request_id: RequestId, terms: Terms) -> pb.Order:
    """An order as it would be, had it been submitted: without an id and without times."""
    status = Status.RESTING if terms.rests else Status.PENDING
    return pb.Order(request_id=request_id, spec=spec(terms), status=STATUSES[status])
