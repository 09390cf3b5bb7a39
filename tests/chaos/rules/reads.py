"""What an answer promises: an acknowledged order is found at once, never goes back, and no error is a riddle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from tests.chaos.evidence import Asked, Evidence
from tests.chaos.history import Type

__all__ = ["lost_read", "stale_read", "undefined_answer"]

_RIDDLES: Final = {"UNKNOWN", "INTERNAL", "DATA_LOSS"}


def lost_read(evidence: Evidence) -> Iterator[str]:
    """I1: an order that was acknowledged before it was asked for is never NOT_FOUND."""
    for ask in _readings(evidence):
        known = evidence.acknowledged.get(ask.order_id)
        if known is not None and known < ask.invoked_at and ask.code == "NOT_FOUND":
            yield f"order {ask.order_id} was acknowledged, and then not found by {ask.proc}"


def stale_read(evidence: Evidence) -> Iterator[str]:
    """I1: what was seen before a read was sent is in its answer."""
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for session in evidence.sessions:
        for event in session.events:
            seen[session.order_id].append((event.t, int(event.value["seq"])))
    for read in evidence.reads:
        before = [seq for t, seq in seen[read.order_id] if t < read.invoked_at]
        if read.type is Type.OK and before and read.answer["last_seq"] < max(before):
            yield f"order {read.order_id} had been seen at {max(before)}, and was read at {read.answer['last_seq']}"


def undefined_answer(evidence: Evidence) -> Iterator[str]:
    """I10: every error says what it is."""
    for ask in chain(evidence.submits, evidence.pries, _readings(evidence)):
        if ask.code in _RIDDLES:
            yield f"{ask.proc} was told {ask.code}: {ask.answer.get('message', '')}"


def _readings(evidence: Evidence) -> Sequence[Asked]:
    changes = (*evidence.cancels, *evidence.replacements)
    return [*evidence.reads, *changes, *(session.asked for session in evidence.sessions)]
