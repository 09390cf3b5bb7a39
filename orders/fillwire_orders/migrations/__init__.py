"""The journal's migrations: `upgrade` brings a database to the newest schema, as often as it is called."""

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from fillwire_orders.schema import SCHEMA

__all__ = ["pending", "upgrade"]


def upgrade(database_url: str) -> None:
    """Applies what is missing, in one transaction; several callers at once do it once."""
    config = _config(database_url)
    command.upgrade(config, "head")


def pending(database_url: str) -> bool:
    """Whether `upgrade` would change anything."""
    engine = sa.create_engine(_driver(database_url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
            return (
                context.get_current_revision() != ScriptDirectory.from_config(_config(database_url)).get_current_head()
            )
    finally:
        engine.dispose()


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    config.set_main_option("sqlalchemy.url", _driver(database_url).replace("%", "%%"))
    return config


def _driver(database_url: str) -> str:
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)
