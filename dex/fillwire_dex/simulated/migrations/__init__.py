"""The migrations of the schema `market`; `upgrade` applies what is missing."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config

from fillwire_dex.simulated.market_motion import MarketMotion


def upgrade(database_url: str, *, motion: MarketMotion = MarketMotion.STILL) -> None:
    """Migrate the schema `market` to this version and seed what is missing; safe to repeat.

    `database_url` is a SQLAlchemy URL (`postgresql+psycopg://`) or a plain `postgresql://`.
    Processes that start together wait for each other on an advisory lock.
    Pools that exist are left as they are, and so is the motion of a chain that exists: see `SimulatedMarket.set_motion`.
    """
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["motion"] = motion
    command.upgrade(config, "head")
