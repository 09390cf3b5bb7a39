"""Runs migrations under a lock, so that processes which start together do not run them twice."""

import sqlalchemy as sa
from alembic import context

from fillwire_orders.schema import METADATA, SCHEMA

LOCK = 0x66696C6C  # "fill"

engine = sa.create_engine(
    context.config.get_main_option("sqlalchemy.url") or "",
    poolclass=sa.NullPool,
    # A role named like our schema would make it the default one, and Alembic could not find it by its name.
    connect_args={"options": "-c search_path=public"},
)
with engine.begin() as connection:
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_name=lambda name, kind, _: kind != "schema" or name == SCHEMA,
    )
    context.run_migrations()
