"""Types of orders."""

from collections.abc import Mapping
from typing import Final

from fillwire.v1 import order_pb2 as pb
from fillwire_orders import OrderType

__all__ = ["TYPES", "type_of"]

TYPES: Final["Mapping[OrderType, pb.OrderType.ValueType]"] = {
    kind: pb.OrderType.Value(f"ORDER_TYPE_{kind.value}") for kind in OrderType
}

_TYPE_OF: Final[dict[int, OrderType]] = {number: kind for kind, number in TYPES.items()}


def type_of(number: int) -> OrderType | None:
    """The type of this number; `None`: there is none."""
    return _TYPE_OF.get(number)
