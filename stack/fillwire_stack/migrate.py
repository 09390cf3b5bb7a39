"""Brings a database to the schema of this version: the journal's and the simulated market's."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from fillwire_dex.simulated import migrations as market
from fillwire_orders import migrations as journal
from fillwire_orders.schema import SCHEMA as JOURNAL_SCHEMA

__all__ = ["main", "pending", "upgrade"]

_MARKET_SCHEMA: Final = "market"


def upgrade(database_url: str) -> None:
    """Applies what is missing; does nothing where nothing is. Several callers at once do it once.

    Each of the two schemas is migrated in one transaction, so a crash leaves it as it was or as it should be.
    """
    journal.upgrade(database_url)
    market.upgrade(database_url)


def pending(database_url: str) -> list[str]:
    """The schemas that `upgrade` would change."""
    newest = {JOURNAL_SCHEMA: _newest(journal.__name__), _MARKET_SCHEMA: _newest(market.__name__)}
    engine = sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        behind = [schema for schema, revision in newest.items() if _revision(connection, schema) != revision]
    engine.dispose()
    return behind


def main(argv: Sequence[str] | None = None) -> int:
    """Migrates the database of `DATABASE_URL`; with `--check` only says what is missing, by exit code 1."""
    parser = argparse.ArgumentParser(prog="fillwire migrate", description="Bring the database to this version.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where something is missing")
    options = parser.parse_args(argv)
    database_url = os.environ.get("DATABASE_URL")
    if not database_url:
        print("fillwire: set DATABASE_URL to the PostgreSQL to migrate", file=sys.stderr)
        return 2
    if options.check:
        behind = pending(database_url)
        print(f"migrations are missing: {', '.join(behind)}" if behind else "the database is up to date")
        return 1 if behind else 0
    upgrade(database_url)
    print("the database is up to date")
    return 0


def _newest(package: str) -> str | None:
    config = Config()
    config.set_main_option("script_location", str(files(package)))
    return ScriptDirectory.from_config(config).get_current_head()


def _revision(connection: sa.Connection, schema: str) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table_schema": schema}).get_current_revision()


if __name__ == "__main__":
    raise SystemExit(main())
