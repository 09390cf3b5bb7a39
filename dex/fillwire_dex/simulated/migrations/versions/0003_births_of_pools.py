"""When and how each pool came to be."""

from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

POOLS = """
ALTER TABLE market.pools
    ADD COLUMN founded_slot bigint NOT NULL DEFAULT 0 CHECK (founded_slot >= 0),
    ADD COLUMN founded_at timestamptz,
    ADD COLUMN origin text NOT NULL DEFAULT 'genesis' CHECK (origin IN ('genesis', 'founded', 'migrated'))
"""

# Of the pools that came since the beginning only that is known: they count as old, so that nobody takes them for new.
KNOWN = """
UPDATE market.pools AS p
SET founded_at = c.genesis,
    origin = CASE WHEN p.id ~ '[.][0-9]{4,}$' THEN 'founded' ELSE 'genesis' END
FROM market.chain AS c
"""

STATED = """
ALTER TABLE market.pools
    ALTER COLUMN founded_slot DROP DEFAULT,
    ALTER COLUMN founded_at SET NOT NULL,
    ALTER COLUMN origin DROP DEFAULT
"""


def upgrade() -> None:
    """Add the births; what is there gets that of the chain."""
    for statement in (POOLS, KNOWN, STATED):
        op.execute(statement)
