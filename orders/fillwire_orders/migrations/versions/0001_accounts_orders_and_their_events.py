"""Accounts, orders and their events."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Makes the journal and the one account that needs no key."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        schema="fillwire",
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("parent_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("token_in", sa.Text(), nullable=False),
        sa.Column("token_out", sa.Text(), nullable=False),
        sa.Column("amount_in", sa.Numeric(precision=39, scale=0), nullable=True),
        sa.Column("amount_out", sa.Numeric(precision=39, scale=0), nullable=True),
        sa.Column("slippage_bps", sa.Integer(), nullable=True),
        sa.Column("min_amount_out", sa.Numeric(precision=39, scale=0), nullable=True),
        sa.Column("max_amount_in", sa.Numeric(precision=39, scale=0), nullable=True),
        sa.Column("max_price_impact_bps", sa.Integer(), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_in_force", sa.Text(), nullable=False),
        sa.Column("good_till_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_order_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("routing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("floor_amount_out", sa.Numeric(precision=39, scale=0), nullable=True),
        sa.Column("venue_seconds", sa.Double(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("last_valid_slot", sa.BigInteger(), nullable=True),
        sa.Column("transaction", postgresql.BYTEA(), nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatch", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(due_at IS NULL) = (status IN ('CANCELLED', 'CONFIRMED', 'EXPIRED', 'FAILED'))",
            name=op.f("ck_orders_due_unless_final"),
        ),
        sa.CheckConstraint(
            "lease_until IS NULL OR NOT (status IN ('CANCELLED', 'CONFIRMED', 'EXPIRED', 'FAILED'))",
            name=op.f("ck_orders_free_when_final"),
        ),
        sa.CheckConstraint(
            "status <> 'SUBMITTED' OR signature IS NOT NULL",
            name=op.f("ck_orders_submitted_is_signed"),
        ),
        sa.CheckConstraint(
            "status IN ('BUILDING', 'CANCELLED', 'CONFIRMED', 'EXPIRED', 'FAILED', 'PENDING', 'RECONCILING', 'RESTING', 'RETRYING', 'ROUTING', 'SUBMITTED')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint(
            "time_in_force IN ('GTC', 'GTD', 'IOC')",
            name=op.f("ck_orders_time_in_force"),
        ),
        sa.CheckConstraint("type IN ('MARKET')", name=op.f("ck_orders_type")),
        sa.CheckConstraint(
            "amount_in > 0 AND amount_in < 18446744073709551616",
            name=op.f("ck_orders_amount_in"),
        ),
        sa.CheckConstraint(
            "amount_in IS NULL OR num_nonnulls(slippage_bps, min_amount_out) > 0",
            name=op.f("ck_orders_a_minimum"),
        ),
        sa.CheckConstraint(
            "amount_out > 0 AND amount_out < 18446744073709551616",
            name=op.f("ck_orders_amount_out"),
        ),
        sa.CheckConstraint("floor_amount_out >= min_amount_out", name=op.f("ck_orders_floor")),
        sa.CheckConstraint("min_amount_out >= 0", name=op.f("ck_orders_min_amount_out")),
        sa.CheckConstraint(
            "num_nonnulls(amount_in, amount_out) = 1",
            name=op.f("ck_orders_one_exact_side"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(signature, last_valid_slot, transaction) IN (0, 3)",
            name=op.f("ck_orders_whole_transaction"),
        ),
        sa.CheckConstraint("slippage_bps BETWEEN 0 AND 10000", name=op.f("ck_orders_slippage_bps")),
        sa.CheckConstraint("token_in <> token_out", name=op.f("ck_orders_two_tokens")),
        sa.ForeignKeyConstraint(["account_id"], ["fillwire.accounts.id"], name=op.f("fk_orders_account_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["fillwire.orders.id"], name=op.f("fk_orders_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("account_id", "request_id", name=op.f("uq_orders_account_id_request_id")),
        schema="fillwire",
        postgresql_with={"fillfactor": "60"},
    )
    op.create_index(
        "ix_orders_account_id_created_at",
        "orders",
        ["account_id", "created_at", "id"],
        unique=False,
        schema="fillwire",
    )
    op.create_index(
        "ix_orders_due_at",
        "orders",
        ["due_at"],
        unique=False,
        schema="fillwire",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "order_events",
        sa.Column("order_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(previous || '>' || status) IN ('>PENDING', 'BUILDING>EXPIRED', 'BUILDING>FAILED', 'BUILDING>RETRYING', 'BUILDING>SUBMITTED', 'PENDING>CANCELLED', 'PENDING>EXPIRED', 'PENDING>RESTING', 'PENDING>ROUTING', 'RECONCILING>CONFIRMED', 'RECONCILING>FAILED', 'RECONCILING>RETRYING', 'RESTING>CANCELLED', 'RESTING>EXPIRED', 'RESTING>ROUTING', 'RETRYING>CANCELLED', 'RETRYING>EXPIRED', 'RETRYING>ROUTING', 'ROUTING>BUILDING', 'ROUTING>EXPIRED', 'ROUTING>FAILED', 'ROUTING>RETRYING', 'SUBMITTED>CONFIRMED', 'SUBMITTED>FAILED', 'SUBMITTED>RECONCILING', 'SUBMITTED>RETRYING')",
            name=op.f("ck_order_events_step"),
        ),
        sa.CheckConstraint("(seq = 1) = (previous = '')", name=op.f("ck_order_events_first")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_order_events_seq")),
        sa.ForeignKeyConstraint(["order_id"], ["fillwire.orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_order_events")),
        schema="fillwire",
    )
    op.create_index(
        "ix_order_events_final",
        "order_events",
        ["order_id"],
        unique=True,
        schema="fillwire",
        postgresql_where=sa.text("status IN ('CANCELLED', 'CONFIRMED', 'EXPIRED', 'FAILED')"),
    )
    op.execute("INSERT INTO fillwire.accounts (id) VALUES ('default')")
