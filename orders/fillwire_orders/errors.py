"""What can go wrong with an order's records, named by what the caller does about it.

OrdersError
├── RequestIdReused    tell the client: this request id already names another order
├── OrderNotFound      tell the client: there is none, or it is not yours
├── SeqInFuture        tell the client: you have seen more than there is
├── CursorForeign      tell the client: begin anew, the cursor means nothing here
├── NotResting         tell the client: the order rests no more, its terms cannot be replaced
├── Changed            tell the client: the order is not as it was last seen
├── RateLimited        tell the client: not so fast, and when again
├── TooManyOpenOrders  tell the client: not before one of its orders has ended
├── AccountNotFound    tell the operator: there is no such account
├── KeyNotFound        tell the operator: there is no such key, or it is of no more use
├── WebhookNotFound    tell the client: there is none, or it is not yours
├── TooManyWebhooks    tell the client: end one first
├── Fenced             stop: somebody else has this order now
├── Withdrawn          stop: its owner wants the order withdrawn; record that it is
└── StoreUnavailable   ask again: the outcome is unknown
"""

from collections.abc import Sequence

__all__ = [
    "AccountNotFound",
    "Changed",
    "CursorForeign",
    "Fenced",
    "KeyNotFound",
    "NotResting",
    "OrderNotFound",
    "OrdersError",
    "RateLimited",
    "RequestIdReused",
    "SeqInFuture",
    "StoreUnavailable",
    "TooManyOpenOrders",
    "TooManyWebhooks",
    "WebhookNotFound",
    "Withdrawn",
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


class CursorForeign(OrdersError):
    """The cursor is of another database or account, or of a time this database has not seen: it was set back."""

    def __init__(self) -> None:
        super().__init__("the cursor belongs to another database or account; begin without one")


class RateLimited(OrdersError):
    """The account has submitted `limit` orders within the last minute; one more can be had in `retry_after_seconds`."""

    def __init__(self, limit: int, retry_after_seconds: float) -> None:
        super().__init__(f"no more than {limit} orders a minute; one more in {retry_after_seconds:.0f} s")
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds


class TooManyOpenOrders(OrdersError):
    """The account has `limit` orders that have not ended."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"no more than {limit} open orders; one must end, or be cancelled, before the next")
        self.limit = limit


class AccountNotFound(OrdersError):
    """No such account."""

    def __init__(self, account_id: str) -> None:
        super().__init__(f"account {account_id} not found")
        self.account_id = account_id


class KeyNotFound(OrdersError):
    """No such API key, or one that is of no more use."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"API key {key_id} not found, or of no more use")
        self.key_id = key_id


class Fenced(OrdersError):
    """The order was claimed by another worker, or is in another state, since this worker claimed it."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} is held by another worker")
        self.order_id = order_id


class NotResting(OrdersError):
    """The order is in `status`: it rests no more, or is about to execute."""

    def __init__(self, order_id: str, status: str) -> None:
        super().__init__(f"order {order_id} is {status} and rests no more")
        self.order_id = order_id
        self.status = status


class Changed(OrdersError):
    """The order's last event is `last_seq`, not the one the caller has seen."""

    def __init__(self, order_id: str, last_seq: int) -> None:
        super().__init__(f"order {order_id} has changed, its last event is {last_seq}")
        self.order_id = order_id
        self.last_seq = last_seq


class WebhookNotFound(OrdersError):
    """No such webhook in this account."""

    def __init__(self, key: str) -> None:
        super().__init__(f"webhook {key} not found")
        self.key = key


class TooManyWebhooks(OrdersError):
    """The account has `limit` webhooks."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"no more than {limit} webhooks an account; end one first")
        self.limit = limit


class Withdrawn(OrdersError):
    """The owner wants the order withdrawn, and the step would have gone on with it; nothing was changed."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} is to be withdrawn")
        self.order_id = order_id


class StoreUnavailable(OrdersError):
    """PostgreSQL could not be reached or did not answer; whether the work was done is unknown."""
