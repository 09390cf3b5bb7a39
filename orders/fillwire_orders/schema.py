"""The journal's tables, as the migrations must leave them (`alembic check` compares the two).

The queries themselves stand in `sql/`; nothing here runs on the way of an order.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, UUID

from fillwire_orders.order import OrderType, TimeInForce
from fillwire_orders.status import FINAL, TRANSITIONS, Status

__all__ = ["METADATA", "SCHEMA"]

SCHEMA = "fillwire"
METADATA = sa.MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

AMOUNT = sa.Numeric(39, 0)
MOMENT = sa.DateTime(timezone=True)


def _one_of(column: str, values: object) -> str:
    listed = ", ".join(f"'{value}'" for value in sorted(values))  # type: ignore[call-overload]
    return f"{column} IN ({listed})"


def _steps() -> str:
    pairs = sorted((str(before or ""), str(after)) for before, after in TRANSITIONS)
    return "(previous || '>' || status) IN (" + ", ".join(f"'{before}>{after}'" for before, after in pairs) + ")"


def _now() -> sa.TextClause:
    return sa.text("clock_timestamp()")


accounts = sa.Table(
    "accounts",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("created_at", MOMENT, nullable=False, server_default=_now()),
    # Limits of its own; NULL: the server's setting, 0: none.
    sa.Column("orders_per_minute", sa.Integer),
    sa.Column("max_open_orders", sa.Integer),
    sa.Column("max_streams", sa.Integer),
    # The dead man's switch.
    sa.Column("cancel_at", MOMENT),
    sa.CheckConstraint("least(orders_per_minute, max_open_orders, max_streams) >= 0", name="limits"),
    sa.Index("ix_accounts_cancel_at", "cancel_at", postgresql_where=sa.text("cancel_at IS NOT NULL")),
)

order_quotas = sa.Table(
    "order_quotas",
    METADATA,
    sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), primary_key=True),
    # When the orders of the last second in `taken` are a minute old: from then on all of the quota can be had.
    sa.Column("full_at", MOMENT, nullable=False),
    # How many orders were submitted in each of the 61 seconds up to then, oldest first (`take.sql`).
    sa.Column("taken", ARRAY(sa.Integer), nullable=False),
    postgresql_with={"fillfactor": "50"},
)

api_keys = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # HMAC-SHA256 of the secret; the secret itself is nowhere.
    sa.Column("digest", BYTEA, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False, server_default=_now()),
    sa.Column("expires_at", MOMENT),
    sa.Column("revoked_at", MOMENT),
    sa.Column("last_used_at", MOMENT),
    sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
    sa.CheckConstraint("scopes <@ '{read,trade,admin}'::text[] AND cardinality(scopes) > 0", name="scopes"),
    sa.Index("ix_api_keys_account_id", "account_id"),
)

orders = sa.Table(
    "orders",
    METADATA,
    sa.Column("id", UUID(as_uuid=False), primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("request_id", UUID(as_uuid=False), nullable=False),
    sa.Column("parent_id", UUID(as_uuid=False), sa.ForeignKey("orders.id")),
    # What was asked for.
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("token_in", sa.Text, nullable=False),
    sa.Column("token_out", sa.Text, nullable=False),
    sa.Column("amount_in", AMOUNT),
    sa.Column("amount_out", AMOUNT),
    sa.Column("slippage_bps", sa.Integer),
    sa.Column("min_amount_out", AMOUNT),
    sa.Column("max_amount_in", AMOUNT),
    sa.Column("max_price_impact_bps", sa.Integer),
    sa.Column("deadline", MOMENT),
    sa.Column("time_in_force", sa.Text, nullable=False),
    sa.Column("good_till_time", MOMENT),
    sa.Column("client_order_id", sa.Text, nullable=False),
    sa.Column("quote_id", sa.Text, nullable=False),
    sa.Column("quoted_amount", AMOUNT),
    sa.Column("routing", JSONB, nullable=False),
    sa.Column("condition", JSONB),
    # As it was submitted; NULL: it is still so.
    sa.Column("submitted", JSONB),
    # Where it is.
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("floor_amount_out", AMOUNT),
    sa.Column("ceiling_amount_in", AMOUNT),
    sa.Column("filled_amount_in", AMOUNT, nullable=False, server_default="0"),
    sa.Column("filled_amount_out", AMOUNT, nullable=False, server_default="0"),
    sa.Column("arrival_mid_price", sa.Numeric),
    sa.Column("cancel_requested_at", MOMENT),
    sa.Column("venue_seconds", sa.Double, nullable=False, server_default="0"),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
    # What it waits for: since when, the attempts it made before it rested again, how many children a TWAP order has, how
    # many of them have ended, and what made it execute.
    sa.Column("armed_at", MOMENT),
    sa.Column("rested_attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slices_begun", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slices_ended", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slices_filled", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fired_at", MOMENT),
    sa.Column("fired", JSONB),
    # The transaction that may be on its way; all three or none.
    sa.Column("signature", sa.Text),
    sa.Column("last_valid_slot", sa.BigInteger),
    sa.Column("transaction", BYTEA),
    # Who has it, and when somebody must look again.
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("worker", sa.Text),
    sa.Column("lease_until", MOMENT),
    sa.Column("retry_at", MOMENT),
    sa.Column("due_at", MOMENT),
    sa.Column("dispatch", sa.Integer, nullable=False, server_default="1"),
    sa.UniqueConstraint("account_id", "request_id"),
    sa.CheckConstraint(_one_of("status", Status), name="status"),
    sa.CheckConstraint(_one_of("type", OrderType), name="type"),
    sa.CheckConstraint(_one_of("time_in_force", TimeInForce), name="time_in_force"),
    sa.CheckConstraint("token_in <> token_out", name="two_tokens"),
    sa.CheckConstraint("num_nonnulls(amount_in, amount_out) = 1", name="one_exact_side"),
    sa.CheckConstraint("amount_in > 0 AND amount_in < 18446744073709551616", name="amount_in"),
    sa.CheckConstraint("amount_out > 0 AND amount_out < 18446744073709551616", name="amount_out"),
    sa.CheckConstraint("slippage_bps BETWEEN 0 AND 10000", name="slippage_bps"),
    sa.CheckConstraint("min_amount_out >= 0", name="min_amount_out"),
    sa.CheckConstraint("max_amount_in >= 0", name="max_amount_in"),
    sa.CheckConstraint(
        "type = 'LIMIT' OR num_nonnulls(slippage_bps, CASE WHEN amount_in IS NULL THEN max_amount_in ELSE min_amount_out END) > 0",
        name="a_bound",
    ),
    sa.CheckConstraint("floor_amount_out >= min_amount_out", name="floor"),
    sa.CheckConstraint("ceiling_amount_in <= max_amount_in", name="ceiling"),
    sa.CheckConstraint("(condition IS NULL) = (type = 'MARKET')", name="condition"),
    sa.CheckConstraint("condition ->> 'type' = type", name="condition_type"),
    sa.CheckConstraint("(fired_at IS NULL) = (fired IS NULL)", name="fired"),
    sa.CheckConstraint(f"status <> '{Status.RESTING}' OR armed_at IS NOT NULL", name="resting_is_armed"),
    sa.CheckConstraint(
        "num_nonnulls(signature, last_valid_slot, transaction) IN (0, 3)",
        name="whole_transaction",
    ),
    sa.CheckConstraint(f"(due_at IS NULL) = ({_one_of('status', FINAL)})", name="due_unless_final"),
    sa.CheckConstraint(
        f"lease_until IS NULL OR NOT ({_one_of('status', FINAL)})",
        name="free_when_final",
    ),
    sa.CheckConstraint(
        f"status <> '{Status.SUBMITTED}' OR signature IS NOT NULL",
        name="submitted_is_signed",
    ),
    sa.Index("ix_orders_due_at", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("ix_orders_account_id_created_at", "account_id", "created_at", "id"),
    sa.Index(
        "ix_orders_account_id_client_order_id",
        "account_id",
        "client_order_id",
        "created_at",
        postgresql_where=sa.text("client_order_id <> ''"),
    ),
    sa.Index("ix_orders_account_id_open", "account_id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("ix_orders_parent_id", "parent_id", postgresql_where=sa.text("parent_id IS NOT NULL")),
    # Those that rest, or did. Not by their status: an index that names a column of every step keeps all steps from
    # staying on their page (heap-only tuples), and each then writes every index of the table.
    sa.Index("ix_orders_resting", "id", postgresql_where=sa.text("armed_at IS NOT NULL AND due_at IS NOT NULL")),
    # Steps rewrite the row; room on its page keeps them off the indexes (heap-only tuples).
    postgresql_with={"fillfactor": "60"},
)

order_events = sa.Table(
    "order_events",
    METADATA,
    sa.Column("order_id", UUID(as_uuid=False), sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("detail", JSONB),
    # Filled in by the trigger `fillwire.chain`: whose order it is, the transaction that stored it, and the chain of hashes.
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("tx", sa.BigInteger, nullable=False),
    sa.Column("hash", BYTEA, nullable=False),
    sa.CheckConstraint("seq > 0", name="seq"),
    sa.CheckConstraint("(seq = 1) = (previous = '')", name="first"),
    sa.CheckConstraint(_steps(), name="step"),
    sa.Index(
        "ix_order_events_final",
        "order_id",
        unique=True,
        postgresql_where=sa.text(_one_of("status", FINAL)),
    ),
    # What an account's stream reads, in the order of commits as far as that can be told (`account_events.sql`).
    sa.Index("ix_order_events_account_id_tx", "account_id", "tx", "order_id", "seq"),
    # What executions are summed up from.
    sa.Index(
        "ix_order_events_account_id_confirmed",
        "account_id",
        "at",
        postgresql_where=sa.text(f"status = '{Status.CONFIRMED}'"),
    ),
    # What the triggers follow: orders that begin to rest, or end to.
    sa.Index(
        "ix_order_events_tx_resting",
        "tx",
        postgresql_where=sa.text(f"status = '{Status.RESTING}' OR previous = '{Status.RESTING}'"),
    ),
)

price_bars = sa.Table(
    "price_bars",
    METADATA,
    # What a trailing stop must remember of the past, through every restart.
    sa.Column("pair", sa.Text, primary_key=True),
    sa.Column("at", MOMENT, primary_key=True),
    sa.Column("high", sa.Numeric, nullable=False),
    sa.Column("low", sa.Numeric, nullable=False),
)

webhooks = sa.Table(
    "webhooks",
    METADATA,
    sa.Column("id", UUID(as_uuid=False), primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("statuses", ARRAY(sa.Text), nullable=False),
    sa.Column("secret", BYTEA, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("cursor", sa.Text, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text, nullable=False, server_default=""),
    sa.Column("retry_at", MOMENT),
    sa.Column("created_at", MOMENT, nullable=False, server_default=_now()),
    # Grows with every change its owner makes: whoever delivers by an older one stops.
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    # Which process delivers, and until when.
    sa.Column("courier", sa.Text),
    sa.Column("lease_until", MOMENT),
    sa.Index("ix_webhooks_account_id", "account_id"),
)

venue_records = sa.Table(
    "venue_records",
    METADATA,
    sa.Column("venue", sa.Text, primary_key=True),
    # Sums that were faded to `as_of`.
    sa.Column("fills", sa.Double, nullable=False),
    sa.Column("error_bps", sa.Double, nullable=False),
    sa.Column("error_bps_squared", sa.Double, nullable=False),
    sa.Column("refusals", sa.Double, nullable=False),
    sa.Column("landing_seconds", sa.Double, nullable=False),
    sa.Column("as_of", MOMENT, nullable=False),
    # Rewritten every second under load: room on the page keeps that off the index.
    postgresql_with={"fillfactor": "50"},
)
