"""What a submit promises: an acknowledged order is there for ever, once for its request id, as it was asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.evidence import Evidence
from tests.chaos.history import Type

__all__ = [
    "foreign_body_accepted",
    "invented_order",
    "lost_order",
    "refused_without_reason",
    "stored_though_refused",
    "two_orders_for_one_request",
]


def lost_order(evidence: Evidence) -> Iterator[str]:
    """I1: what was acknowledged is stored."""
    for order_id in evidence.acknowledged:
        if order_id not in evidence.orders:
            yield f"order {order_id} was acknowledged and is not stored"


def two_orders_for_one_request(evidence: Evidence) -> Iterator[str]:
    """I4: one request id names one order, to every client and in the store."""
    named = defaultdict(set)
    for submit in evidence.submits:
        if submit.type is Type.OK:
            named[str(submit.value["request_id"])].add(submit.order_id)
    for order in evidence.orders.values():
        named[order.request_id].add(order.id)
    for request_id, order_ids in named.items():
        if len(order_ids) > 1:
            yield f"request {request_id} made {len(order_ids)} orders: {', '.join(sorted(order_ids))}"


def foreign_body_accepted(evidence: Evidence) -> Iterator[str]:
    """I4: what was acknowledged is what was asked for."""
    for submit in evidence.submits:
        order = evidence.orders.get(submit.order_id)
        if submit.type is Type.OK and order and order.body != submit.value["body"]:
            yield f"request {order.request_id} asked for {submit.value['body']} and got {order.body}"


def refused_without_reason(evidence: Evidence) -> Iterator[str]:
    """I4: ALREADY_EXISTS is only for another body than the one that is stored."""
    stored = {order.request_id: order.body for order in evidence.orders.values()}
    for submit in evidence.submits:
        request_id = str(submit.value["request_id"])
        if submit.code == "ALREADY_EXISTS" and stored.get(request_id) in {None, submit.value["body"]}:
            yield f"request {request_id} was refused as another one's, and there is no other"


def stored_though_refused(evidence: Evidence) -> Iterator[str]:
    """I4: a request that was only ever refused is not stored."""
    refused: set[str] = set()
    others: set[str] = set()
    for submit in evidence.submits:
        fate = refused if submit.code == "INVALID_ARGUMENT" else others
        fate.add(str(submit.value["request_id"]))
    for order in evidence.orders.values():
        if order.request_id in refused - others:
            yield f"request {order.request_id} was refused, and is stored as order {order.id}"


def invented_order(evidence: Evidence) -> Iterator[str]:
    """Every stored order was asked for, or is a slice of a TWAP order, each of which there is once."""
    asked = {str(submit.value["request_id"]) for submit in evidence.submits}
    for order in evidence.orders.values():
        if order.request_id not in (asked if order.parent_id is None else _slices(evidence, order.parent_id)):
            yield f"order {order.id} is stored, and nobody asked for it"


def _slices(evidence: Evidence, parent_id: str) -> set[str]:
    """The request ids that the slices of this order can have."""
    parent = evidence.orders.get(parent_id)
    count = (parent.condition or {}).get("slices", 0) if parent else 0
    return {str(uuid.uuid5(uuid.UUID(parent_id), str(number))) for number in range(1, count + 1)}
