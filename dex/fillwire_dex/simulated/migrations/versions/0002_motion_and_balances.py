"""A market that moves: whether it does, what it remembers of the past, who owns what, and faults that last."""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# `held_at` is where the clock stands; without it it is the database's. `height` counts the blocks that changed pools.
CHAIN = """
ALTER TABLE market.chain
    ADD COLUMN motion text NOT NULL DEFAULT 'still' CHECK (motion IN ('still', 'moving')),
    ADD COLUMN height bigint NOT NULL DEFAULT 0 CHECK (height >= 0),
    ADD COLUMN held_at timestamptz,
    ADD COLUMN rates jsonb NOT NULL DEFAULT '{}'
"""

# The time of a slot is that of its beginning, the same for whoever quotes in it and whatever lands in it.
MOMENT = """
CREATE OR REPLACE VIEW market.moment AS
SELECT
    told.slot,
    (told.genesis_ms + told.slot * told.slot_ms) / 1000 AS second,
    told.instant,
    told.genesis_ms
FROM (
    SELECT
        clock.instant,
        chain.slot_ms,
        floor(extract(epoch FROM clock.instant - chain.genesis) * 1000 / chain.slot_ms)::bigint AS slot,
        floor(extract(epoch FROM chain.genesis) * 1000)::bigint AS genesis_ms
    FROM market.chain
    CROSS JOIN LATERAL (SELECT coalesce(chain.held_at, clock_timestamp()) AS instant) AS clock
) AS told
"""

# `height` is the block that changed the pool last. Text is stored as it was written and is never looked into.
POOLS = """
ALTER TABLE market.pools
    ALTER COLUMN state TYPE json USING state::json,
    ADD COLUMN height bigint NOT NULL DEFAULT 0 CHECK (height >= 0),
    ADD COLUMN ended boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT ended_empty CHECK (NOT ended OR (vault_a = 0 AND vault_b = 0))
"""

PAST = """
CREATE TABLE market.past (
    pool_id text NOT NULL REFERENCES market.pools,
    place smallint NOT NULL CHECK (place = until_slot % 32),
    until_slot bigint NOT NULL,
    slot bigint NOT NULL CHECK (slot < until_slot),
    version bigint NOT NULL,
    state json NOT NULL,
    PRIMARY KEY (pool_id, place)
) WITH (fillfactor = 40)
"""

SUPPLIES = """
CREATE TABLE market.supplies (
    mint text PRIMARY KEY,
    amount numeric(39, 0) NOT NULL CHECK (amount >= 0)
)
"""

MINTED = """
INSERT INTO market.supplies (mint, amount)
SELECT side.mint, sum(side.amount)
FROM market.pools CROSS JOIN LATERAL (VALUES (token_a, vault_a), (token_b, vault_b)) AS side (mint, amount)
GROUP BY side.mint
"""

# What each owner has gained since the beginning; who has given more than he took is below zero.
BALANCES = """
CREATE TABLE market.balances (
    owner text NOT NULL CHECK (owner IN ('traders', 'noise', 'arbitrage', 'liquidity')),
    mint text NOT NULL,
    amount numeric(39, 0) NOT NULL,
    PRIMARY KEY (owner, mint)
) WITH (fillfactor = 20)
"""

FAULTS = """
ALTER TABLE market.faults
    ADD COLUMN slots integer CHECK (slots > 0),
    ADD COLUMN share double precision CHECK (share BETWEEN 0 AND 1),
    ADD COLUMN until_slot bigint
"""

ARMED = """
CREATE VIEW market.armed AS
SELECT f.id, f.kind, f.venue, f.remaining IS NOT NULL AS counted, f.slots, f.share
FROM market.faults AS f
WHERE (f.remaining IS NULL OR f.remaining > 0)
  AND (f.until_slot IS NULL OR f.until_slot > (SELECT slot FROM market.moment))
"""


def upgrade() -> None:
    """Add what a moving market needs; what is there stays, and what the vaults hold counts as minted."""
    op.execute("DROP INDEX market.pools_by_pair")
    for statement in (CHAIN, MOMENT, POOLS, PAST, SUPPLIES, MINTED, BALANCES, FAULTS, ARMED):
        op.execute(statement)
