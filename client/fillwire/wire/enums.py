"""The SDK's closed sets and the contract's enums, joined by name; a number newer than this SDK reads as UNKNOWN."""

from typing import TypeVar

from fillwire.status import CancelResult, FailureReason, Kind, Scope, SniperTrigger, Status, TimeInForce
from fillwire.v1 import account_service_pb2, order_pb2, order_service_pb2

__all__ = [
    "CANCEL_RESULTS", "KINDS", "KIND_NUMBERS", "REASONS", "SCOPES", "STATUSES", "STATUS_NUMBERS", "TIMES_IN_FORCE",
    "TIME_NUMBERS", "TRIGGERS", "TRIGGER_NUMBERS",
]  # fmt: skip

K = TypeVar("K")
V = TypeVar("V")


def _inverse(table: dict[K, V]) -> dict[V, K]:
    return {value: key for key, value in table.items()}


STATUS_NUMBERS: dict[Status, order_pb2.OrderStatus.ValueType] = {
    status: order_pb2.OrderStatus.Value(f"ORDER_STATUS_{status}") for status in Status if status is not Status.UNKNOWN
}
STATUSES = _inverse(STATUS_NUMBERS)

KIND_NUMBERS: dict[Kind, order_pb2.OrderType.ValueType] = {
    kind: order_pb2.OrderType.Value(f"ORDER_TYPE_{kind}") for kind in Kind if kind is not Kind.UNKNOWN
}
KINDS = _inverse(KIND_NUMBERS)

REASONS = {
    order_pb2.FailureReason.Value(f"FAILURE_REASON_{reason}"): reason
    for reason in FailureReason
    if reason is not FailureReason.UNKNOWN
}

CANCEL_RESULTS = {
    order_service_pb2.CancelResult.Value(f"CANCEL_RESULT_{result}"): result
    for result in CancelResult
    if result is not CancelResult.UNKNOWN
}

SCOPES = {account_service_pb2.Scope.Value(f"SCOPE_{scope}"): scope for scope in Scope if scope is not Scope.UNKNOWN}

TIME_NUMBERS = {
    TimeInForce.DEFAULT: order_pb2.TIME_IN_FORCE_UNSPECIFIED,
    TimeInForce.IOC: order_pb2.TIME_IN_FORCE_IOC,
    TimeInForce.GTC: order_pb2.TIME_IN_FORCE_GTC,
    TimeInForce.GTD: order_pb2.TIME_IN_FORCE_GTD,
}
TIMES_IN_FORCE = _inverse(TIME_NUMBERS)

TRIGGER_NUMBERS = {
    SniperTrigger.ANY: order_pb2.SniperOrder.TRIGGER_UNSPECIFIED,
    SniperTrigger.POOL_CREATED: order_pb2.SniperOrder.TRIGGER_POOL_CREATED,
    SniperTrigger.LIQUIDITY_MIGRATED: order_pb2.SniperOrder.TRIGGER_LIQUIDITY_MIGRATED,
}
TRIGGERS = _inverse(TRIGGER_NUMBERS)
