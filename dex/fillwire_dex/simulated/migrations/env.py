"""Run the migrations and the seeding in one transaction, one process at a time."""

import sqlalchemy as sa
from alembic import context

from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.simulated.seeding import seed

LOCK = 0x6D61726B  # "mark"

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=sa.NullPool)
with engine.begin() as connection:
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    connection.execute(sa.text("CREATE SCHEMA IF NOT EXISTS market"))
    context.configure(connection=connection, version_table_schema="market")
    context.run_migrations()
    seed(connection, context.config.attributes.get("motion", MarketMotion.STILL))
