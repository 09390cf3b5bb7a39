"""Writing down what a block did to the pools: states, vaults and balances in one database transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex.pools.pool import Pool
from fillwire_dex.simulated.connection import lines, run
from fillwire_dex.simulated.stretch import Stretch


async def write(connection: AsyncConnection[Any], stretch: Stretch, height: int) -> int:
    """Write a block on top of the chain's height; return the height after it, the same where no pool changed."""
    if not (stretch.born or stretch.moved or stretch.ended):
        return height
    if stretch.born:
        await run(connection, "open_pools", {"height": height + 1, **_opened(stretch)})
    if stretch.moved:
        await run(connection, "move_pools", {"height": height + 1, **_moved(stretch), **_past(stretch)})
    if stretch.ended:
        await run(connection, "end_pools", {"height": height + 1, "ids": stretch.ended})
    return height + 1


def _opened(stretch: Stretch) -> Mapping[str, Any]:
    births, founded = zip(*stretch.born.values(), strict=True)
    return {
        "ids": [pool.id for pool in founded],
        "kinds": [pool.kind.value for pool in founded],
        "tokens_a": [pool.token_a.mint for pool in founded],
        "tokens_b": [pool.token_b.mint for pool in founded],
        "vaults_a": [str(pool.vault_a) for pool in founded],
        "vaults_b": [str(pool.vault_b) for pool in founded],
        "states": lines(json.dumps(dict(pool.state)) for pool in founded),
        "slots": [birth.slot for birth in births],
        "times": [birth.at for birth in births],
        "origins": [birth.origin.value for birth in births],
    }


def _moved(stretch: Stretch) -> Mapping[str, Any]:
    moved, paid = stretch.moved, sorted(stretch.balances.items())
    return {
        "ids": list(moved),
        "states": lines(_text(after.pool) for after in moved.values()),
        "versions": [after.version for after in moved.values()],
        "slots": [after.slot for after in moved.values()],
        "flows_a": [str(after.flow_a) for after in moved.values()],
        "flows_b": [str(after.flow_b) for after in moved.values()],
        "untils": [stretch.superseded.get(id_) for id_ in moved],
        "owners": [str(owner) for (owner, _), _ in paid],
        "mints": [mint for (_, mint), _ in paid],
        "amounts": [str(amount) for _, amount in paid],
    }


def _past(stretch: Stretch) -> Mapping[str, Any]:
    return {
        "past_ids": [one.id for one in stretch.past],
        "past_untils": [one.until_slot for one in stretch.past],
        "past_slots": [one.was.slot for one in stretch.past],
        "past_versions": [one.was.version for one in stretch.past],
        "past_states": lines(_text(one.was.pool) for one in stretch.past),
    }


def _text(pool: Pool) -> str:
    return json.dumps(dict(pool.state()))
