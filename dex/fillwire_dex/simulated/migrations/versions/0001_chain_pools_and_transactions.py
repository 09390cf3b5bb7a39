"""The chain, its pools, the transactions sent to it, and the faults it is told to have."""

from collections.abc import Sequence

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CHAIN = """
CREATE TABLE market.chain (
    id smallint PRIMARY KEY DEFAULT 1 CONSTRAINT one_chain CHECK (id = 1),
    genesis timestamptz NOT NULL,
    slot_ms integer NOT NULL CHECK (slot_ms > 0),
    valid_slots integer NOT NULL CHECK (valid_slots >= 0),
    seed text NOT NULL,
    head_slot bigint NOT NULL DEFAULT 0 CHECK (head_slot >= 0)
) WITH (fillfactor = 20)
"""

MOMENT = """
CREATE VIEW market.moment AS
SELECT
    floor(extract(epoch FROM clock_timestamp() - genesis) * 1000 / slot_ms)::bigint AS slot,
    floor(extract(epoch FROM clock_timestamp()))::bigint AS second
FROM market.chain
"""

POOLS = """
CREATE TABLE market.pools (
    id text PRIMARY KEY,
    venue text NOT NULL,
    kind text NOT NULL,
    token_a text NOT NULL,
    token_b text NOT NULL,
    vault_a numeric(39, 0) NOT NULL CHECK (vault_a >= 0),
    vault_b numeric(39, 0) NOT NULL CHECK (vault_b >= 0),
    state jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
    slot bigint NOT NULL DEFAULT 0 CHECK (slot >= 0),
    CONSTRAINT two_tokens CHECK (token_a <> token_b)
) WITH (fillfactor = 40)
"""

TRANSACTIONS = """
CREATE TABLE market.transactions (
    signature text PRIMARY KEY,
    arrival bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    reference text NOT NULL,
    payload bytea NOT NULL,
    pool_ids text[] NOT NULL,
    last_valid_slot bigint NOT NULL,
    fate text NOT NULL CHECK (fate IN ('land', 'refuse', 'drop')),
    sent_at timestamptz NOT NULL,
    land_at timestamptz,
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'landed', 'refused', 'expired')),
    slot bigint,
    amount_in numeric(39, 0) CHECK (amount_in > 0),
    amount_out numeric(39, 0) CHECK (amount_out > 0),
    legs jsonb,
    reason text,
    message text,
    CONSTRAINT dropped_never_lands CHECK ((fate = 'drop') = (land_at IS NULL)),
    CONSTRAINT settled_in_a_slot CHECK ((status = 'pending') = (slot IS NULL)),
    CONSTRAINT landed_in_time CHECK (status <> 'landed' OR slot <= last_valid_slot),
    CONSTRAINT expired_after_time CHECK (status <> 'expired' OR slot > last_valid_slot),
    CONSTRAINT landed_with_amounts CHECK (
        num_nonnulls(amount_in, amount_out, legs) = CASE WHEN status = 'landed' THEN 3 ELSE 0 END
    ),
    CONSTRAINT refused_with_reason CHECK ((status = 'refused') = (reason IS NOT NULL))
) WITH (fillfactor = 60)
"""

FAULTS = """
CREATE TABLE market.faults (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    venue text,
    remaining integer CHECK (remaining >= 0)
)
"""

INDEXES = (
    "CREATE INDEX pools_by_pair ON market.pools (token_a, token_b)",
    "CREATE INDEX transactions_landing ON market.transactions (land_at, arrival) WHERE status = 'pending'",
    "CREATE INDEX transactions_expiring ON market.transactions (last_valid_slot) WHERE status = 'pending'",
)


def upgrade() -> None:
    """Make the tables, and the view that tells the time by the database's clock."""
    for statement in (CHAIN, MOMENT, POOLS, TRANSACTIONS, FAULTS, *INDEXES):
        op.execute(statement)
