"""What the store promises: a log without gaps, legal steps, one end, and an order that is where its log says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from fillwire_orders import FINAL
from fillwire_orders.status import Status, allowed
from tests.chaos.evidence import Evidence
from tests.chaos.truth import StoredEvent

__all__ = ["forged_log", "gap_in_log", "illegal_step", "lowered_floor", "second_end", "state_differs_from_log"]

_ANY: Final = 2**128


def forged_log(evidence: Evidence) -> Iterator[str]:
    """Every hash is that of what is stored, and every row says what its log does."""
    yield from evidence.forged


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
    """The bound of an order is fixed at its first route since it rested, and never beyond what the client said."""
    for order in evidence.orders.values():
        least, most = int(order.min_amount_out or 0), int(order.max_amount_in or _ANY)
        for is_last, routed in _since_it_rested(evidence.logs.get(order.id, ())):
            floors, ceilings = _bounds(routed, "floor_amount_out"), _bounds(routed, "ceiling_amount_in")
            beyond = is_last and (any(one < least for one in floors) or any(one > most for one in ceilings))
            if len(set(floors)) > 1 or len(set(ceilings)) > 1 or beyond:
                yield f"order {order.id} wants {least} of at most {most}, its bounds were {floors} and {ceilings}"


def _since_it_rested(log: Sequence[StoredEvent]) -> Iterator[tuple[bool, Sequence[StoredEvent]]]:
    """The log cut where it rests, and whether the terms in force then are those of the end."""
    parts: list[list[StoredEvent]] = [[]]
    for event in log:
        parts += [[]] if event.status == Status.RESTING else []
        parts[-1].append(event)
    replaced = [n for n, part in enumerate(parts) if any((one.detail or {}).get("kind") == "replaced" for one in part)]
    return ((n >= max(replaced, default=0), part) for n, part in enumerate(parts))


def _bounds(log: Sequence[StoredEvent], name: str) -> list[int]:
    built = (event.detail for event in log if event.detail and event.detail["kind"] == "built")
    return [int(detail[name]) for detail in built if detail.get(name) is not None]
