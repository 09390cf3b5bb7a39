"""Block production: whoever asks first lands everything that is due.

The lock on the chain's row makes it one block after the other. Each block settles what is due in
the order (time of landing, arrival), every transaction on the pools as the one before left them.
Prices that move, noise and arbitrage belong in here as well, before the transactions.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex import pools
from fillwire_dex.errors import MalformedTransaction
from fillwire_dex.outcomes import Expired, Landed, RefusalReason, Refused
from fillwire_dex.simulated import ledger
from fillwire_dex.simulated.connection import Row, run, value
from fillwire_dex.simulated.execution import LivePool, LivePools, execute
from fillwire_dex.transaction import Transaction

Results = dict[str, ledger.Final]


@dataclass(frozen=True, slots=True)
class Block:
    """A block that was produced in `slot`, and what it settled, by signature."""

    slot: int
    results: Results


async def produce(connection: AsyncConnection[Any]) -> Block:
    """Settle everything that is due, within the caller's transaction.

    Takes the chain's lock. After the commit nothing can land in a slot before the block's, so a
    signature that is unknown then and valid no longer is proven never to land.
    """
    locked = await run(connection, "lock_chain")
    advanced = await run(connection, "advance_head")
    due = await run(connection, "find_due")
    loaded = await run(connection, "load_due_pools")
    head, slot = await value(locked), await value(advanced)
    live = {row[0]: _live_pool(row) for row in await loaded.fetchall()}
    results, moved = _settle(await due.fetchall(), live, head=head, slot=slot)
    await ledger.settle(connection, results)
    await _move(connection, moved)
    return Block(slot, results)


def _settle(due: Sequence[Row], live: LivePools, *, head: int, slot: int) -> tuple[Results, LivePools]:
    """Decide every due transaction in turn; return what became of them, and the pools they moved.

    A transaction lands in the slot it was due in, but not before `head`, the last block's: another process may have
    been told that it did not; nor after `slot`, this block's, whose clock was read a moment earlier.
    """
    results: Results = {}
    moved: LivePools = {}
    for signature, payload, fate, last_valid_slot, due_slot, due_second in due:
        landing_slot = None if due_slot is None else min(max(due_slot, head), slot)
        if landing_slot is None or landing_slot > last_valid_slot:
            results[signature] = Expired(last_valid_slot + 1)
        elif fate == "refuse":
            results[signature] = Refused(landing_slot, RefusalReason.SIMULATED, "simulated fault")
        else:
            present = ChainMap(moved, live)
            results[signature], changed = _execute(payload, present, slot=landing_slot, now=due_second)
            moved.update(changed)
    return results, moved


def _live_pool(row: Row) -> LivePool:
    _, venue, kind, token_a, token_b, version, state, halted = row
    return LivePool(venue, token_a, token_b, version, pools.decode(kind, json.loads(state)), halted=halted)


def _execute(
    payload: bytes, live: Mapping[str, LivePool], *, slot: int, now: int
) -> tuple[Landed | Refused, LivePools]:
    """Execute stored bytes; bytes that are no transaction must not keep the others from landing."""
    try:
        transaction = Transaction.decode(payload)
    except MalformedTransaction as error:
        return Refused(slot, RefusalReason.MALFORMED, str(error)), {}
    return execute(transaction, live, slot=slot, now=now)


async def _move(connection: AsyncConnection[Any], moved: LivePools) -> None:
    """Write the pools that swaps moved."""
    if not moved:
        return
    await run(
        connection,
        "move_pools",
        {
            "ids": list(moved),
            "states": [json.dumps(dict(after.pool.state())) for after in moved.values()],
            "versions": [after.version for after in moved.values()],
            "slots": [after.slot for after in moved.values()],
            "flows_a": [str(after.flow_a) for after in moved.values()],
            "flows_b": [str(after.flow_b) for after in moved.values()],
        },
    )
