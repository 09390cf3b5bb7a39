"""What an account may count on: nobody else is told of its orders."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.evidence import Evidence
from tests.chaos.history import Type

__all__ = ["foreign_answer", "owner_turned_away"]


def foreign_answer(evidence: Evidence) -> Iterator[str]:
    """I6: whoever tries another account's order is told that there is none, or that nobody knows."""
    for ask in evidence.pries:
        if ask.type is Type.OK or (ask.type is Type.FAIL and ask.code != "NOT_FOUND"):
            yield f"{ask.proc} asked for order {ask.order_id}, which is another's, and was told {ask.code or 'all'}"


def owner_turned_away(evidence: Evidence) -> Iterator[str]:
    """I6: a good key is never refused, whatever the servers can't reach."""
    for ask in (*evidence.submits, *evidence.reads, *evidence.cancels, *evidence.replacements):
        if ask.code in {"UNAUTHENTICATED", "PERMISSION_DENIED"}:
            yield f"{ask.proc}, whose key is good, was told {ask.code}"
