"""What is remembered of each venue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Makes the table of faded sums."""
    op.create_table(
        "venue_records",
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("fills", sa.Double(), nullable=False),
        sa.Column("error_bps", sa.Double(), nullable=False),
        sa.Column("error_bps_squared", sa.Double(), nullable=False),
        sa.Column("refusals", sa.Double(), nullable=False),
        sa.Column("landing_seconds", sa.Double(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("venue", name=op.f("pk_venue_records")),
        schema="fillwire",
        postgresql_with={"fillfactor": "50"},
    )
