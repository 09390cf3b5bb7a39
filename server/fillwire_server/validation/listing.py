"""Which orders to list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Filter, OrderId, OrderType, Position, Status
from fillwire_server import paging, wire
from fillwire_server.validation.form import Form

__all__ = ["Listing", "listing", "statuses", "types"]

_DEFAULT_SIZE: Final = 50
_MAX_SIZE: Final = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """A page to read: `size` orders at most, from after `after`; `None`: from the newest."""

    filters: Filter
    size: int
    after: Position | None


def listing(request: pb.ListOrdersRequest) -> Listing:
    """Reads a request to list; raises `InvalidRequest`."""
    form = Form()
    if request.page_size < 0:
        form.refuse("page_size", "must not be negative")
    filters = Filter(
        statuses=statuses(form, request.statuses),
        types=types(form, "types", request.types),
        token_in=form.token("token_in", request.token_in) if request.token_in else None,
        token_out=form.token("token_out", request.token_out) if request.token_out else None,
        client_order_id=form.reference("client_order_id", request.client_order_id) or None,
        parent_id=OrderId(form.uuid("parent_order_id", request.parent_order_id)) if request.parent_order_id else None,
        created_from=_moment(form, request, "create_time_from"),
        created_before=_moment(form, request, "create_time_before"),
    )
    form.check()
    after = _after(form, request.page_token, filters)
    form.check()
    return Listing(filters, min(request.page_size or _DEFAULT_SIZE, _MAX_SIZE), after)


def types(form: Form, field: str, numbers: Sequence[int]) -> tuple[OrderType, ...]:
    """Types of orders as `statuses` reads statuses."""
    wanted = set()
    for number in set(numbers) - {order_pb2.ORDER_TYPE_UNSPECIFIED}:
        if (kind := wire.type_of(number)) is not None:
            wanted.add(kind)
        else:
            form.refuse(field, "must be of the contract's")
            break
    return () if order_pb2.ORDER_TYPE_UNSPECIFIED in numbers else tuple(sorted(wanted))


def statuses(form: Form, numbers: Sequence[int]) -> tuple[Status, ...]:
    """Sorted, each once; empty for any status, which is also what the number 0 says."""
    wanted = set()
    for number in set(numbers) - {order_pb2.ORDER_STATUS_UNSPECIFIED}:
        if (status := wire.status_of(number)) is not None:
            wanted.add(status)
        else:
            form.refuse("statuses", "must be of the contract's")
            break
    return () if order_pb2.ORDER_STATUS_UNSPECIFIED in numbers else tuple(sorted(wanted))


def _moment(
    form: Form, request: pb.ListOrdersRequest, field: Literal["create_time_from", "create_time_before"]
) -> datetime | None:
    return form.moment(field, getattr(request, field)) if request.HasField(field) else None


def _after(form: Form, token: str, filters: Filter) -> Position | None:
    if not token:
        return None
    try:
        return paging.position(token, filters)
    except paging.BadToken as error:
        form.refuse("page_token", str(error))
        return None
