"""Who else is there besides the engine's users, and what they gain and give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fillwire_dex.simulated.live import LivePool


class Owner(StrEnum):
    """Whose balance a flow goes to; those of the market itself may fall below zero without end."""

    NOISE = "noise"
    ARBITRAGE = "arbitrage"
    LIQUIDITY = "liquidity"


@dataclass(frozen=True, slots=True)
class Flow:
    """What an owner gained of one token, in raw units; negative when it was given."""

    owner: Owner
    mint: str
    amount: int


def of_change(owner: Owner, before: LivePool, after: LivePool) -> tuple[Flow, Flow]:
    """Return what `owner` gained and gave by a change of this pool: what the pool did, turned around."""
    return (
        Flow(owner, before.token_a, before.flow_a - after.flow_a),
        Flow(owner, before.token_b, before.flow_b - after.flow_b),
    )


def merged(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """Return one flow for each owner and token, in that order, without those that come to nothing."""
    totals: defaultdict[tuple[Owner, str], int] = defaultdict(int)
    for flow in flows:
        totals[flow.owner, flow.mint] += flow.amount
    return tuple(Flow(*key, amount) for key, amount in sorted(totals.items()) if amount)
