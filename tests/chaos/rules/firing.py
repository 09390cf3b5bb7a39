"""What resting promises: an order executes when its condition is met, and once for each time that it rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from fillwire_orders import Status
from tests.chaos.evidence import Evidence
from tests.chaos.truth import StoredEvent, StoredOrder

__all__ = ["fired_too_soon", "fired_twice", "routed_unfired"]

_ROUNDING: Final = Decimal("1e-9")

_Condition = dict[str, Any]


def routed_unfired(evidence: Evidence) -> Iterator[str]:
    """An order that waits is routed only when it has fired."""
    for order in evidence.orders.values():
        for before, event in pairwise(evidence.logs.get(order.id, ())):
            waited = before.status == Status.RESTING or (before.status == Status.PENDING and order.rests)
            if event.status == Status.ROUTING and waited and not _fired(event):
                yield f"order {order.id} was routed at {event.seq}, and had not fired"


def fired_twice(evidence: Evidence) -> Iterator[str]:
    """Each time it rests it fires once, and no firing serves twice."""
    for order_id, log in evidence.logs.items():
        moments = [event.detail["at"] for event in log if event.detail and _fired(event)]
        if len(set(moments)) < len(moments) or any(event.previous != Status.RESTING for event in log if _fired(event)):
            yield f"order {order_id} fired at {', '.join(moments)}, its log is {', '.join(one.status for one in log)}"


def fired_too_soon(evidence: Evidence) -> Iterator[str]:
    """What is told to have met the condition that was in force does meet it."""
    for order in evidence.orders.values():
        for condition, event in _firings(order, evidence.logs.get(order.id, ())):
            if event.detail is not None and not _met(condition, event.detail):
                yield f"order {order.id} waits for {condition}, and fired by {event.detail}"


def _firings(order: StoredOrder, log: Sequence[StoredEvent]) -> Iterator[tuple[_Condition, StoredEvent]]:
    condition = order.first_condition or {}
    for event in log:
        if event.detail and event.detail["kind"] == "replaced":
            condition = event.detail["terms"]["condition"]
        if _fired(event):
            yield condition, event


def _met(condition: _Condition, fired: dict[str, Any]) -> bool:
    match condition.get("type"):
        case "SCHEDULED":
            return datetime.fromisoformat(fired["at"]) >= datetime.fromisoformat(condition["at"])
        case "STOP":
            return Decimal(fired["price"]) <= Decimal(condition["price"])
        case "TAKE_PROFIT":
            return Decimal(fired["price"]) >= Decimal(condition["price"])
        case "LIMIT":
            return Decimal(fired["price"]) >= Decimal(condition["price"]) * (1 - _ROUNDING)
        case "OCO":
            return _met(condition["limit" if fired["condition"] == "LIMIT" else "stop"], fired)
        case _:
            return False


def _fired(event: StoredEvent) -> bool:
    return (event.detail or {}).get("kind") == "fired"
