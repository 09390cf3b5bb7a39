"""What the store promises: a log without gaps, legal steps, one end, and an order that is where its log says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from fillwire_orders import FINAL
from fillwire_orders.status import Status, allowed
from tests.chaos.evidence import Evidence
from tests.chaos.truth import StoredEvent

__all__ = ["gap_in_log", "illegal_step", "lowered_floor", "second_end", "state_differs_from_log"]


def gap_in_log(evidence: Evidence) -> Iterator[str]:
    """I5: 1, 2, 3 and so on."""
    for order_id, log in evidence.logs.items():
        if (seqs := [event.seq for event in log]) != list(range(1, len(log) + 1)):
            yield f"the log of order {order_id} is {seqs}"


def illegal_step(evidence: Evidence) -> Iterator[str]:
    """I5: only steps of the one table, each from where the one before led."""
    for order_id, log in evidence.logs.items():
        for before, after in pairwise([None, *(Status(event.status) for event in log)]):
            if after is None or not allowed(before, after):
                yield f"order {order_id} went from {before} to {after}"


def second_end(evidence: Evidence) -> Iterator[str]:
    """I2: one end, and nothing follows it."""
    for order_id, log in evidence.logs.items():
        if any(event.status in FINAL for event in log[:-1]):
            yield f"order {order_id} went on after its end: {', '.join(event.status for event in log)}"


def state_differs_from_log(evidence: Evidence) -> Iterator[str]:
    """I5: the order and its last event are written together."""
    for order in evidence.orders.values():
        log = evidence.logs.get(order.id, ())
        told = (log[-1].status, log[-1].seq, log[-1].attempt) if log else None
        if told != (order.status, order.last_seq, order.attempt):
            yield f"order {order.id} is {order.status} at {order.last_seq}, its log ends with {told}"


def lowered_floor(evidence: Evidence) -> Iterator[str]:
    """The least output an order accepts is fixed at its first route, and never below what the client said."""
    for order in evidence.orders.values():
        floors = _floors(evidence.logs.get(order.id, ()))
        if len(set(floors)) > 1 or any(floor < int(order.min_amount_out or 0) for floor in floors):
            yield f"order {order.id} wants {order.min_amount_out}, its floors were {floors}"


def _floors(log: Sequence[StoredEvent]) -> list[int]:
    return [int(event.detail["floor_amount_out"]) for event in log if event.detail and event.detail["kind"] == "built"]
