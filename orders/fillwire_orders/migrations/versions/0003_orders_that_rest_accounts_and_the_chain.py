"""Orders that rest, keys and limits of accounts, webhooks, and the chain of hashes over every log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_AMOUNT = sa.Numeric(39, 0)
_MOMENT = sa.DateTime(timezone=True)
_JSON = postgresql.JSONB()

_STEPS = """
    (previous || '>' || status) IN (
        '>PENDING', 'BUILDING>CANCELLED', 'BUILDING>EXPIRED', 'BUILDING>FAILED', 'BUILDING>RESTING',
        'BUILDING>RETRYING', 'BUILDING>SUBMITTED', 'PENDING>CANCELLED', 'PENDING>EXPIRED', 'PENDING>RESTING',
        'PENDING>ROUTING', 'RECONCILING>CANCELLED', 'RECONCILING>CONFIRMED', 'RECONCILING>FAILED',
        'RECONCILING>RESTING', 'RECONCILING>RETRYING', 'RESTING>CANCELLED', 'RESTING>CONFIRMED', 'RESTING>EXPIRED',
        'RESTING>FAILED', 'RESTING>RESTING', 'RESTING>ROUTING', 'RETRYING>CANCELLED', 'RETRYING>EXPIRED',
        'RETRYING>ROUTING', 'ROUTING>BUILDING', 'ROUTING>CANCELLED', 'ROUTING>EXPIRED', 'ROUTING>FAILED',
        'ROUTING>RESTING', 'ROUTING>RETRYING', 'SUBMITTED>CANCELLED', 'SUBMITTED>CONFIRMED', 'SUBMITTED>FAILED',
        'SUBMITTED>RECONCILING', 'SUBMITTED>RESTING', 'SUBMITTED>RETRYING'
    )
"""

_TERMS_OF = """
CREATE FUNCTION fillwire.terms_of(o fillwire.orders) RETURNS jsonb LANGUAGE sql STABLE AS $$
    -- What was asked for, as the fields of `Terms`; times in UTC, so that the text is the same for every session.
    SELECT jsonb_build_object(
        'type', o.type, 'token_in', o.token_in, 'token_out', o.token_out,
        'amount_in', o.amount_in, 'amount_out', o.amount_out, 'slippage_bps', o.slippage_bps,
        'min_amount_out', o.min_amount_out, 'max_amount_in', o.max_amount_in,
        'max_price_impact_bps', o.max_price_impact_bps,
        'deadline', to_char(o.deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'time_in_force', o.time_in_force,
        'good_till_time', to_char(o.good_till_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'client_order_id', o.client_order_id, 'quote_id', o.quote_id, 'quoted_amount', o.quoted_amount,
        'routing', o.routing, 'condition', o.condition
    )
$$
"""

_GENESIS = """
CREATE FUNCTION fillwire.genesis(o fillwire.orders) RETURNS bytea LANGUAGE sql STABLE AS $$
    -- What the chain of an order begins with: who asked for what, as it was submitted.
    SELECT sha256(convert_to(jsonb_build_array(
        o.id, o.account_id, o.request_id, o.parent_id, coalesce(o.submitted, fillwire.terms_of(o))
    )::text, 'UTF8'))
$$
"""

_LINK = """
CREATE FUNCTION fillwire.link(before bytea, e fillwire.order_events) RETURNS bytea LANGUAGE sql STABLE AS $$
    -- The hash of an event: over the hash before it and all that is told of it, its time in microseconds.
    SELECT sha256(before || convert_to(jsonb_build_array(
        e.order_id, e.seq, e.previous, e.status, (extract(epoch FROM e.at) * 1000000)::bigint, e.attempt, e.fence, e.detail
    )::text, 'UTF8'))
$$
"""

_CHAIN = """
CREATE FUNCTION fillwire.chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bytea;
    after_tx bigint;
BEGIN
    IF NEW.seq = 1 THEN
        SELECT o.account_id, fillwire.genesis(o) INTO NEW.account_id, before
        FROM fillwire.orders AS o WHERE o.id = NEW.order_id;
    ELSE
        SELECT e.account_id, e.hash, e.tx INTO NEW.account_id, before, after_tx
        FROM fillwire.order_events AS e WHERE e.order_id = NEW.order_id AND e.seq = NEW.seq - 1;
    END IF;
    -- A transaction gets its number with the first row it touches; another one may have stored the event before since.
    NEW.tx := greatest(pg_current_xact_id()::text::bigint, after_tx);
    NEW.hash := fillwire.link(before, NEW);
    RETURN NEW;
END
$$
"""

_CHAIN_WHAT_IS_THERE = """
DO $$
DECLARE
    e fillwire.order_events;
    before bytea;
    account text;
BEGIN
    FOR e IN SELECT * FROM fillwire.order_events ORDER BY order_id, seq LOOP
        IF e.seq = 1 THEN
            SELECT o.account_id, fillwire.genesis(o) INTO account, before
            FROM fillwire.orders AS o WHERE o.id = e.order_id;
        END IF;
        before := fillwire.link(before, e);
        UPDATE fillwire.order_events AS kept SET account_id = account, tx = 0, hash = before
        WHERE kept.order_id = e.order_id AND kept.seq = e.seq;
    END LOOP;
END
$$
"""


def upgrade() -> None:
    """Adds what orders that rest need, and the tables of keys, limits, prices and webhooks; chains the logs there are."""
    _accounts()
    _orders()
    _events()
    _prices()
    _webhooks()


def _accounts() -> None:
    for limit in ("orders_per_minute", "max_open_orders", "max_streams"):
        op.add_column("accounts", sa.Column(limit, sa.Integer(), nullable=True), schema="fillwire")
    op.add_column("accounts", sa.Column("cancel_at", _MOMENT, nullable=True), schema="fillwire")
    op.create_check_constraint(
        op.f("ck_accounts_limits"),
        "accounts",
        "least(orders_per_minute, max_open_orders, max_streams) >= 0",
        schema="fillwire",
    )
    op.create_index(
        "ix_accounts_cancel_at",
        "accounts",
        ["cancel_at"],
        schema="fillwire",
        postgresql_where=sa.text("cancel_at IS NOT NULL"),
    )
    op.create_table(
        "order_quotas",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("full_at", _MOMENT, nullable=False),
        sa.Column("taken", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["fillwire.accounts.id"], name=op.f("fk_order_quotas_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_order_quotas")),
        schema="fillwire",
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("last_used_at", _MOMENT, nullable=True),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_api_keys_digest")),
        sa.CheckConstraint(
            "scopes <@ '{read,trade,admin}'::text[] AND cardinality(scopes) > 0", name=op.f("ck_api_keys_scopes")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["fillwire.accounts.id"], name=op.f("fk_api_keys_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        schema="fillwire",
    )
    op.create_index("ix_api_keys_account_id", "api_keys", ["account_id"], schema="fillwire")


def _orders() -> None:
    for column in (
        sa.Column("quoted_amount", _AMOUNT, nullable=True),
        sa.Column("condition", _JSON, nullable=True),
        sa.Column("submitted", _JSON, nullable=True),
        sa.Column("ceiling_amount_in", _AMOUNT, nullable=True),
        sa.Column("filled_amount_in", _AMOUNT, server_default="0", nullable=False),
        sa.Column("filled_amount_out", _AMOUNT, server_default="0", nullable=False),
        sa.Column("arrival_mid_price", sa.Numeric(), nullable=True),
        sa.Column("cancel_requested_at", _MOMENT, nullable=True),
        sa.Column("armed_at", _MOMENT, nullable=True),
        sa.Column("rested_attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("slices_begun", sa.Integer(), server_default="0", nullable=False),
        sa.Column("slices_ended", sa.Integer(), server_default="0", nullable=False),
        sa.Column("slices_filled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fired_at", _MOMENT, nullable=True),
        sa.Column("fired", _JSON, nullable=True),
    ):
        op.add_column("orders", column, schema="fillwire")
    op.execute(
        "UPDATE fillwire.orders AS o SET filled_amount_in = (e.detail ->> 'amount_in')::numeric,"
        " filled_amount_out = (e.detail ->> 'amount_out')::numeric"
        " FROM fillwire.order_events AS e WHERE e.order_id = o.id AND e.status = 'CONFIRMED'"
    )
    op.drop_constraint(op.f("ck_orders_type"), "orders", schema="fillwire")
    op.drop_constraint(op.f("ck_orders_a_minimum"), "orders", schema="fillwire")
    for name, rule in (
        (
            "type",
            "type IN ('LIMIT', 'MARKET', 'OCO', 'SCHEDULED', 'SNIPER', 'STOP', 'TAKE_PROFIT', 'TRAILING_STOP', 'TWAP')",
        ),
        ("max_amount_in", "max_amount_in >= 0"),
        (
            "a_bound",
            (
                "type = 'LIMIT' OR num_nonnulls(slippage_bps,"
                " CASE WHEN amount_in IS NULL THEN max_amount_in ELSE min_amount_out END) > 0"
            ),
        ),
        ("ceiling", "ceiling_amount_in <= max_amount_in"),
        ("condition", "(condition IS NULL) = (type = 'MARKET')"),
        ("condition_type", "condition ->> 'type' = type"),
        ("fired", "(fired_at IS NULL) = (fired IS NULL)"),
        ("resting_is_armed", "status <> 'RESTING' OR armed_at IS NOT NULL"),
    ):
        op.create_check_constraint(op.f(f"ck_orders_{name}"), "orders", rule, schema="fillwire")
    for name, columns, where in (
        ("account_id_client_order_id", ["account_id", "client_order_id", "created_at"], "client_order_id <> ''"),
        ("account_id_open", ["account_id"], "due_at IS NOT NULL"),
        ("parent_id", ["parent_id"], "parent_id IS NOT NULL"),
        ("resting", ["id"], "armed_at IS NOT NULL AND due_at IS NOT NULL"),
    ):
        op.create_index(f"ix_orders_{name}", "orders", columns, schema="fillwire", postgresql_where=sa.text(where))


def _events() -> None:
    op.drop_constraint(op.f("ck_order_events_step"), "order_events", schema="fillwire")
    op.create_check_constraint(op.f("ck_order_events_step"), "order_events", _STEPS, schema="fillwire")
    op.add_column("order_events", sa.Column("account_id", sa.Text(), nullable=True), schema="fillwire")
    op.add_column("order_events", sa.Column("tx", sa.BigInteger(), nullable=True), schema="fillwire")
    op.add_column("order_events", sa.Column("hash", postgresql.BYTEA(), nullable=True), schema="fillwire")
    for statement in (_TERMS_OF, _GENESIS, _LINK, _CHAIN, _CHAIN_WHAT_IS_THERE):
        op.execute(statement)
    for column in ("account_id", "tx", "hash"):
        op.alter_column("order_events", column, nullable=False, schema="fillwire")
    op.execute(
        "CREATE TRIGGER chain BEFORE INSERT ON fillwire.order_events FOR EACH ROW EXECUTE FUNCTION fillwire.chain()"
    )
    op.create_index(
        "ix_order_events_account_id_tx", "order_events", ["account_id", "tx", "order_id", "seq"], schema="fillwire"
    )
    op.create_index(
        "ix_order_events_account_id_confirmed",
        "order_events",
        ["account_id", "at"],
        schema="fillwire",
        postgresql_where=sa.text("status = 'CONFIRMED'"),
    )
    op.create_index(
        "ix_order_events_tx_resting",
        "order_events",
        ["tx"],
        schema="fillwire",
        postgresql_where=sa.text("status = 'RESTING' OR previous = 'RESTING'"),
    )


def _prices() -> None:
    op.create_table(
        "price_bars",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("high", sa.Numeric(), nullable=False),
        sa.Column("low", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("pair", "at", name=op.f("pk_price_bars")),
        schema="fillwire",
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("statuses", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("retry_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("courier", sa.Text(), nullable=True),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["fillwire.accounts.id"], name=op.f("fk_webhooks_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        schema="fillwire",
    )
    op.create_index("ix_webhooks_account_id", "webhooks", ["account_id"], schema="fillwire")
