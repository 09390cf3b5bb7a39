"""What a TWAP order promises: it got what its slices got, all of them and no other, and none goes on without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fillwire_orders import Status
from tests.chaos.evidence import Evidence
from tests.chaos.truth import StoredOrder

__all__ = ["slice_outlived_its_order", "slices_do_not_add_up"]


def slices_do_not_add_up(evidence: Evidence) -> Iterator[str]:
    """What it has filled is the sum of its slices' receipts, and so is its own; it fails only where there is none."""
    for order in _ended(evidence):
        swapped = _sums(*(_receipt(evidence, child.id) for child in evidence.children.get(order.id, ())))
        filled = int(order.filled_amount_in), int(order.filled_amount_out)
        own = _sums(_receipt(evidence, order.id))
        ends = {
            Status.CONFIRMED: any(swapped) and own == swapped,
            Status.FAILED: not any(swapped),
        }
        if filled != swapped or not ends.get(Status(order.status), True):
            yield f"order {order.id} is {order.status} with {filled} and {own}, its slices swapped {swapped}"


def slice_outlived_its_order(evidence: Evidence) -> Iterator[str]:
    """When it ends all its slices have ended; it says how many there were, and CONFIRMED says that there were all."""
    for order in _ended(evidence):
        children = evidence.children.get(order.id, ())
        end = evidence.logs[order.id][-1].at_us
        progress = [one.detail for one in evidence.logs[order.id] if one.detail and one.detail["kind"] == "progress"]
        begun = progress[-1]["slices_begun"] if progress else 0
        late = [child.id for child in children if any(one.at_us > end for one in evidence.logs.get(child.id, ()))]
        all_begun = order.status in {Status.CONFIRMED, Status.FAILED}
        wanted = (order.condition or {}).get("slices") if all_begun else begun
        if late or not len(children) == begun == wanted:
            yield f"order {order.id} ended with {begun} slices; there are {len(children)}, late are {late}"


def _ended(evidence: Evidence) -> Iterator[StoredOrder]:
    return (one for one in evidence.orders.values() if one.type == "TWAP" and evidence.is_final(one.id))


def _receipt(evidence: Evidence, order_id: str) -> Mapping[str, Any]:
    detail = evidence.logs[order_id][-1].detail if evidence.logs.get(order_id) else None
    return detail if detail and detail["kind"] == "receipt" else {}


def _sums(*receipts: Mapping[str, Any]) -> tuple[int, ...]:
    """Of what went in, and of what came out."""
    return tuple(sum(int(one.get(name, 0)) for one in receipts) for name in ("amount_in", "amount_out"))
