"""Block production: whoever asks first lands everything that is due.

The lock on the chain's row makes it one block after the other. Each block settles what is due in
the order (time of landing, arrival), every transaction on the pools as the one before left them.
Prices that move, noise and arbitrage belong in here as well, before the transactions.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex import pools
from fillwire_dex.errors import MalformedTransaction
from fillwire_dex.outcomes import Expired, Landed, RefusalReason, Refused
from fillwire_dex.simulated import ledger, scripted
from fillwire_dex.simulated.connection import Row, read_clock, run
from fillwire_dex.simulated.execution import LivePool, LivePools, execute
from fillwire_dex.simulated.faults import FaultKind
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
    clock = await read_clock(connection)
    due = await run(connection, "find_due")
    loaded = await run(connection, "load_due_pools")
    halts = await scripted.find(connection, [FaultKind.HALTED])
    head = (await locked.fetchone() or (0,))[0]
    slot = max((await clock.fetch()).slot, head)
    live = {row[0]: _live_pool(row) for row in await loaded.fetchall()}
    halted = {fault.venue for fault in await halts.fetch() if fault.venue}
    results, moved = _settle(await due.fetchall(), live, head=head, halted=halted)
    slot = max([slot, *(outcome.slot for outcome in results.values())])
    await ledger.settle(connection, results)
    await _move(connection, moved)
    await run(connection, "advance_head", {"slot": slot})
    return Block(slot, results)


def _settle(due: Sequence[Row], live: LivePools, *, head: int, halted: Collection[str]) -> tuple[Results, LivePools]:
    """Decide every due transaction in turn; return what became of them, and the pools they moved.

    A transaction lands in the slot it was due in, but never before the last block: another process may have been told
    that it did not.
    """
    results: Results = {}
    moved: LivePools = {}
    for signature, payload, fate, last_valid_slot, due_slot, due_second in due:
        slot = None if due_slot is None else max(due_slot, head)
        if slot is None or slot > last_valid_slot:
            results[signature] = Expired(last_valid_slot + 1)
        elif fate == "refuse":
            results[signature] = Refused(slot, RefusalReason.SIMULATED, "simulated fault")
        else:
            results[signature], changed = _execute(
                payload, ChainMap(moved, live), slot=slot, now=due_second, halted=halted
            )
            moved.update(changed)
    return results, moved


def _live_pool(row: Row) -> LivePool:
    _, venue, kind, token_a, token_b, version, state = row
    return LivePool(venue, token_a, token_b, version, pools.decode(kind, json.loads(state)))


def _execute(
    payload: bytes, live: Mapping[str, LivePool], *, slot: int, now: int, halted: Collection[str]
) -> tuple[Landed | Refused, LivePools]:
    """Execute stored bytes; bytes that are no transaction must not keep the others from landing."""
    try:
        transaction = Transaction.decode(payload)
    except MalformedTransaction as error:
        return Refused(slot, RefusalReason.MALFORMED, str(error)), {}
    return execute(transaction, live, slot=slot, now=now, halted=halted)


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
