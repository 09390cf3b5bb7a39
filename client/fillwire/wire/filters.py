"""Writes the filters of lists, of streams and of what is cancelled: one rule for each name, whatever it filters."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.message import Message

from fillwire.status import Kind, Status
from fillwire.v1 import order_pb2
from fillwire.wire.enums import KIND_NUMBERS, STATUS_NUMBERS
from fillwire.wire.scalars import timestamp
from fillwire.wire.violations import Violations

__all__ = ["status_numbers", "write_filters"]


def write_filters(request: Message, filters: Mapping[str, object], violations: Violations) -> None:
    """Sets the filters on a request that has fields of these names; one that is `None` counts as left out.

    Raises `TypeError` for a name that this request does not filter by.
    """
    for name, value in filters.items():
        if name not in request.DESCRIPTOR.fields_by_name or name not in _NAMES:
            raise TypeError(f"orders are not filtered by {name!r} here")
        if value is not None:
            with violations.within(name):
                _filter(request, name, value)


_NAMES = frozenset(
    {
        "statuses", "types", "token_in", "token_out", "client_order_id", "parent_order_id", "create_time_from",
        "create_time_before", "confirm_time_from", "confirm_time_before", "terminal_only", "from_start",
    }
)  # fmt: skip


def _filter(request: Any, name: str, value: Any) -> None:
    match name:
        case "statuses":
            request.statuses.extend(status_numbers(value))
        case "types":
            request.types.extend(_kind_numbers(value))
        case "create_time_from" | "create_time_before" | "confirm_time_from" | "confirm_time_before":
            getattr(request, name).CopyFrom(timestamp(value))
        case _:
            setattr(request, name, value)


def status_numbers(statuses: Iterable[Status]) -> list[order_pb2.OrderStatus.ValueType]:
    """Raises `ValueError` for a status that no order can have."""
    named = [Status(status) for status in statuses]
    if Status.UNKNOWN in named:
        raise ValueError(f"no order is {Status.UNKNOWN}")
    return [STATUS_NUMBERS[status] for status in named]


def _kind_numbers(kinds: Iterable[Kind]) -> list[order_pb2.OrderType.ValueType]:
    named = [Kind(kind) for kind in kinds]
    if Kind.UNKNOWN in named:
        raise ValueError(f"no order is of type {Kind.UNKNOWN}")
    return [KIND_NUMBERS[kind] for kind in named]
