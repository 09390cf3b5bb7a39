"""What a recovery promises: once everything has healed, submits are taken soon and every order comes to its end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from tests.chaos.evidence import Evidence
from tests.chaos.history import Type

__all__ = ["slow_recovery", "stuck_order"]

FIRST_ACK_SECONDS: Final = 5.0
"""From the end of the last fault to the next acknowledged submit."""

REST_SECONDS: Final = 30.0
"""From the end of the last fault to the end of the last order."""

_NEVER: Final = 2**63


def stuck_order(evidence: Evidence) -> Iterator[str]:
    """I8: every order is final when the scenario's time to come to rest is over, `REST_SECONDS` unless it says more."""
    for order in evidence.orders.values():
        if order.id in evidence.unfinished or not evidence.is_final(order.id):
            yield f"order {order.id} was not final when all should be at rest; later it was {order.status}"


def slow_recovery(evidence: Evidence) -> Iterator[str]:
    """I8: submits are acknowledged again within `FIRST_ACK_SECONDS`, where nothing else is broken."""
    for kind, seconds in first_ack_seconds(evidence):
        if seconds > FIRST_ACK_SECONDS:
            yield f"{seconds:.1f} s after {kind} healed, no submit had been acknowledged"


def first_ack_seconds(evidence: Evidence) -> Iterator[tuple[str, float]]:
    """After each fault that left no other: how long until a submit that was sent after it was acknowledged.

    Left out where the next fault came before that could be told.
    """
    sent, answered = _acknowledged_from(evidence)
    for spell in evidence.spells:
        if any(one.began_at <= spell.healed_at < one.healed_at for one in evidence.spells):
            continue
        later = (one.began_at for one in evidence.spells if one.began_at > spell.healed_at)
        quiet_until = min(later, default=evidence.rest_at)
        first = answered[bisect_left(sent, spell.healed_at)]
        if first < quiet_until or quiet_until - spell.healed_at > FIRST_ACK_SECONDS * 1e9:
            yield spell.kind, (min(first, evidence.rest_at) - spell.healed_at) / 1e9


def _acknowledged_from(evidence: Evidence) -> tuple[list[int], list[int]]:
    """When submits were sent, in order, and by the same place the first acknowledgement of it and all that follow."""
    acks = sorted((one.invoked_at, one.answered_at) for one in evidence.submits if one.type is Type.OK)
    answered = list(accumulate((at for _, at in reversed(acks)), min, initial=_NEVER))
    return [at for at, _ in acks], answered[::-1]
