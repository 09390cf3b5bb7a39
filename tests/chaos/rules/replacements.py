"""What a replacement promises: what was acknowledged is in force, once, and nothing else is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tests.chaos.evidence import Evidence
from tests.chaos.history import Type
from tests.chaos.truth import StoredEvent

__all__ = ["replaced_unasked", "replacement_lost"]


def replacement_lost(evidence: Evidence) -> Iterator[str]:
    """An acknowledged change is in the order's log, once, with its own price; one that was only refused is not."""
    told = _told(evidence)
    unknown = {str(ask.value["request_id"]) for ask in evidence.replacements if ask.type is not Type.FAIL}
    for ask in evidence.replacements:
        request_id, price = str(ask.value["request_id"]), Decimal(str(ask.value["price"]))
        prices = [_price(event) for event in told.get((ask.order_id, request_id), ())]
        lost = ask.type is Type.OK and prices != [price]
        if lost or (ask.type is Type.FAIL and request_id not in unknown and prices):
            yield f"order {ask.order_id} was to have {price} and {ask.proc} was told {ask.type}; its log has {prices}"


def replaced_unasked(evidence: Evidence) -> Iterator[str]:
    """Every change in a log was asked for, and is there once."""
    asked = {(ask.order_id, str(ask.value["request_id"])) for ask in evidence.replacements}
    for (order_id, request_id), events in _told(evidence).items():
        if (order_id, request_id) not in asked or len(events) > 1:
            yield f"order {order_id} was changed {len(events)} times by request {request_id}"


def _told(evidence: Evidence) -> Mapping[tuple[str, str], Sequence[StoredEvent]]:
    told = defaultdict(list)
    for order_id, log in evidence.logs.items():
        for event in log:
            if event.detail and event.detail["kind"] == "replaced":
                told[order_id, str(event.detail["request_id"])].append(event)
    return dict(told)


def _price(event: StoredEvent) -> Decimal | None:
    return Decimal(event.detail["terms"]["condition"]["price"]) if event.detail else None
