"""What can go wrong with an order's records, named by what the caller does about it.

OrdersError
├── RequestIdReused    tell the client: this request id already names another order
├── OrderNotFound      tell the client: there is none, or it is not yours
├── SeqInFuture        tell the client: you have seen more than there is
├── Fenced             stop: somebody else has this order now
└── StoreUnavailable   ask again: the outcome is unknown
"""

from collections.abc import Sequence

__all__ = [
    "Fenced",
    "OrderNotFound",
    "OrdersError",
    "RequestIdReused",
    "SeqInFuture",
    "StoreUnavailable",
]


class OrdersError(Exception):
    """The root of the tree."""


class RequestIdReused(OrdersError):
    """The request id already names an order with other terms; `fields` of `Terms` differ."""

    def __init__(self, order_id: str, fields: Sequence[str]) -> None:
        super().__init__(f"request id already used by order {order_id}; different: {', '.join(fields)}")
        self.order_id = order_id
        self.fields = list(fields)


class OrderNotFound(OrdersError):
    """No such order in this account."""

    def __init__(self, key: str) -> None:
        super().__init__(f"order {key} not found")
        self.key = key


class SeqInFuture(OrdersError):
    """The watcher claims to have seen `after_seq`, but the log ends at `last_seq`."""

    def __init__(self, after_seq: int, last_seq: int) -> None:
        super().__init__(f"after_seq {after_seq} is beyond the last event {last_seq}")
        self.after_seq = after_seq
        self.last_seq = last_seq


class Fenced(OrdersError):
    """The order was claimed by another worker, or is in another state, since this worker claimed it."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} is held by another worker")
        self.order_id = order_id


class StoreUnavailable(OrdersError):
    """PostgreSQL could not be reached or did not answer; whether the work was done is unknown."""
