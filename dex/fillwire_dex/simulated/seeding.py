"""Writing the chain and its first pools into a migrated database."""

from __future__ import annotations

import json
from typing import Final

import sqlalchemy as sa

from fillwire_dex.simulated import genesis

SEED: Final = "fillwire"
"""What all chance in the market is drawn from, unless the chain's row is changed."""

SLOT_MS: Final = 400
VALID_SLOTS: Final = 150
"""How long a transaction can land: a minute, as on Solana."""

_CHAIN: Final = sa.text("""
    INSERT INTO market.chain (genesis, slot_ms, valid_slots, seed)
    VALUES (clock_timestamp(), :slot_ms, :valid_slots, :seed)
    ON CONFLICT DO NOTHING
""")
_POOL: Final = sa.text("""
    INSERT INTO market.pools (id, venue, kind, token_a, token_b, vault_a, vault_b, state)
    VALUES (:id, :venue, :kind, :token_a, :token_b, :vault_a, :vault_b, cast(:state AS jsonb))
    ON CONFLICT DO NOTHING
""")


def seed(connection: sa.Connection) -> None:
    """Write what is missing; a chain or a pool that exists is left as it is."""
    connection.execute(_CHAIN, {"slot_ms": SLOT_MS, "valid_slots": VALID_SLOTS, "seed": SEED})
    connection.execute(
        _POOL,
        [
            {
                "id": pool.id,
                "venue": pool.kind.value,
                "kind": pool.kind.value,
                "token_a": pool.token_a.mint,
                "token_b": pool.token_b.mint,
                "vault_a": pool.vault_a,
                "vault_b": pool.vault_b,
                "state": json.dumps(pool.state),
            }
            for pool in genesis.pools()
        ],
    )
