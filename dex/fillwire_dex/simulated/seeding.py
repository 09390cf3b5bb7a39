"""Writing the chain and its first pools into a migrated database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from fillwire_dex.simulated import genesis
from fillwire_dex.simulated.founding import Founded
from fillwire_dex.simulated.market_motion import MarketMotion

SEED: Final = "fillwire"
"""What all chance in the market is drawn from, unless the chain's row is changed."""

SLOT_MS: Final = 400
VALID_SLOTS: Final = 150
"""How long a transaction can land: a minute, as on Solana."""

_CHAIN: Final = sa.text("""
    INSERT INTO market.chain (genesis, slot_ms, valid_slots, seed, motion)
    VALUES (clock_timestamp(), :slot_ms, :valid_slots, :seed, :motion)
    ON CONFLICT DO NOTHING
""")
_BLOCK: Final = sa.text("UPDATE market.chain SET height = height + 1 RETURNING height, head_slot")
_POOL: Final = sa.text("""
    INSERT INTO market.pools (id, venue, kind, token_a, token_b, vault_a, vault_b, state, slot, height,
        founded_slot, founded_at, origin)
    VALUES (:id, :venue, :kind, :token_a, :token_b, :vault_a, :vault_b, cast(:state AS json), :slot, :height,
        :slot, clock_timestamp(), 'genesis')
""")
_SUPPLY: Final = sa.text("""
    INSERT INTO market.supplies (mint, amount) VALUES (:mint, :amount)
    ON CONFLICT (mint) DO UPDATE SET amount = supplies.amount + excluded.amount
""")


def seed(connection: sa.Connection, motion: MarketMotion) -> None:
    """Write what is missing; a chain or a pool that exists is left as it is.

    `motion` is a new chain's. Pools that come to an old one are a block of their own, so that whoever has the market
    open hears of them.
    """
    chain = {"slot_ms": SLOT_MS, "valid_slots": VALID_SLOTS, "seed": SEED, "motion": motion.value}
    connection.execute(_CHAIN, chain)
    known = set(connection.scalars(sa.text("SELECT id FROM market.pools")))
    missing = [pool for pool in genesis.pools() if pool.id not in known]
    if missing:
        height, slot = connection.execute(_BLOCK).one()
        connection.execute(_POOL, [_row(pool) | {"slot": slot, "height": height} for pool in missing])
        connection.execute(_SUPPLY, _minted(missing))


def _row(pool: Founded) -> dict[str, Any]:
    return {
        "id": pool.id,
        "venue": pool.kind.value,
        "kind": pool.kind.value,
        "token_a": pool.token_a.mint,
        "token_b": pool.token_b.mint,
        "vault_a": pool.vault_a,
        "vault_b": pool.vault_b,
        "state": json.dumps(pool.state),
    }


def _minted(pools: Iterable[Founded]) -> list[dict[str, Any]]:
    """Return what must be made of each token to fill these vaults."""
    amounts: Counter[str] = Counter()
    for pool in pools:
        amounts[pool.token_a.mint] += pool.vault_a
        amounts[pool.token_b.mint] += pool.vault_b
    return [{"mint": mint, "amount": amount} for mint, amount in amounts.items()]
