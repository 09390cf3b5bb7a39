"""The journal's migrations: `upgrade` brings a database to the newest schema, as often as it is called."""

from importlib.resources import files

from alembic import command
from alembic.config import Config

__all__ = ["upgrade"]


def upgrade(database_url: str) -> None:
    """Applies what is missing, in one transaction; several callers at once do it once."""
    config = _config(database_url)
    command.upgrade(config, "head")


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    config.set_main_option("sqlalchemy.url", _driver(database_url).replace("%", "%%"))
    return config


def _driver(database_url: str) -> str:
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)
