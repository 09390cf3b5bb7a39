"""The report: one line of JSON that says how a run went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.chaos.checker import Breach
from tests.chaos.evidence import Asked, Evidence, gather
from tests.chaos.history import About, Record, Type
from tests.chaos.rules.ending import first_ack_seconds
from tests.chaos.truth import Truth

__all__ = ["figures"]


def figures(records: Sequence[Record], truth: Truth, breaches: Mapping[str, Breach]) -> dict[str, Any]:
    """What was done, what was found, and the verdict with the first witness of every rule that was broken."""
    evidence = gather(records, truth)
    counted = {name: breach.count for name, breach in breaches.items()}
    return {
        "verdict": "INVALID" if breaches else "VALID",
        "acknowledged": len(evidence.acknowledged),
        "unknown": sum(submit.type is Type.INFO for submit in evidence.submits),
        "faults": len(evidence.spells),
        "faults_by_kind": dict(sorted(Counter(spell.kind for spell in evidence.spells).items())),
        "faults_missed": sum(record.f is About.HEAL and record.type is Type.FAIL for record in records),
        "types": dict(sorted(Counter(order.type for order in truth.orders).items())),
        "fired": sum((event.detail or {}).get("kind") == "fired" for event in truth.events),
        "cancels": dict(sorted(Counter(_heard(ask) for ask in evidence.cancels).items())),
        "replacements": dict(sorted(Counter(_heard(ask) for ask in evidence.replacements).items())),
        "pries": len(evidence.pries),
        "watch_sessions": len(evidence.sessions),
        "watch_events": sum(len(session.events) for session in evidence.sessions),
        "lost": counted.get("lost_order", 0) + counted.get("lost_read", 0),
        "duplicated": counted.get("two_orders_for_one_request", 0),
        "double_swaps": counted.get("double_swap", 0) + counted.get("failed_but_swapped", 0),
        "gaps": counted.get("gap_in_watch", 0) + counted.get("repeated_event", 0),
        "stuck": counted.get("stuck_order", 0) + counted.get("unended_watch", 0),
        "ends": dict(sorted(Counter(order.status for order in truth.orders).items())),
        "retries": sum(event.status == "RETRYING" for event in truth.events),
        "slowest_first_ack_after_heal_s": _slowest(seconds for _, seconds in first_ack_seconds(evidence)),
        "slowest_order_s": _slowest(_order_seconds(evidence)),
        "at_rest_after_heal_s": round((evidence.rest_at - evidence.healed_at) / 1e9, 1),
        "broken": {name: {"count": breach.count, "first": breach.witness} for name, breach in breaches.items()},
    }


def _slowest(seconds: Any) -> float:
    return round(max(seconds, default=0.0), 1)


def _order_seconds(evidence: Evidence) -> list[float]:
    """From accepted to ended, by the database's clock, of orders that wait for nothing."""
    logs = [evidence.logs.get(order.id) for order in evidence.orders.values() if not order.rests]
    return [(log[-1].at_us - log[0].at_us) / 1e6 for log in logs if log]


def _heard(ask: Asked) -> str:
    """What a client was told."""
    return str(ask.answer.get("result") or ask.code or ask.type)
