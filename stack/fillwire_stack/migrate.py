"""Brings a database to the schema of this version: the journal's and the simulated market's."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import psycopg

__all__ = ["main", "pending", "set_motion", "upgrade"]

_MOTIONS: Final = ("moving", "still")

# By schema, the package of its migrations. A string, because importing one imports Alembic, which takes a second, and
# mostly there is nothing to do.
_PACKAGES: Final = {"fillwire": "fillwire_orders.migrations", "market": "fillwire_dex.simulated.migrations"}


def upgrade(database_url: str) -> None:
    """Applies what is missing; does nothing where nothing is. Several callers at once do it once.

    Each of the two schemas is migrated in one transaction, so a crash leaves it as it was or as it should be.
    """
    from fillwire_dex.simulated import migrations as market  # noqa: PLC0415
    from fillwire_orders import migrations as journal  # noqa: PLC0415

    journal.upgrade(database_url)
    market.upgrade(database_url)


def pending(database_url: str) -> list[str]:
    """The schemas that `upgrade` would change."""
    with psycopg.connect(_plain(database_url)) as connection:
        return [schema for schema, package in _PACKAGES.items() if _revision(connection, schema) != _newest(package)]


def set_motion(database_url: str, motion: str) -> None:
    """Lets the simulated market move by itself ("moving") or not ("still"); does nothing where it is so."""
    with psycopg.connect(_plain(database_url)) as connection:
        told = connection.execute("SELECT motion FROM market.chain").fetchone()
    if told != (motion,):
        asyncio.run(_set_motion(_plain(database_url), motion))


def main(argv: Sequence[str] | None = None) -> int:
    """Migrates the database of `DATABASE_URL`; with `--check` only says what is missing, by exit code 1.

    `FILLWIRE_MARKET_MOTION`, moving or still, is what the simulated market is to do from now on; without it what it
    does already, and a new one is still.
    """
    parser = argparse.ArgumentParser(prog="fillwire migrate", description="Bring the database to this version.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where something is missing")
    options = parser.parse_args(argv)
    database_url = os.environ.get("DATABASE_URL")
    if not database_url:
        print("fillwire: set DATABASE_URL to the PostgreSQL to migrate", file=sys.stderr)
        return 2
    motion = os.environ.get("FILLWIRE_MARKET_MOTION")
    if motion and motion not in _MOTIONS:
        print(f"fillwire: FILLWIRE_MARKET_MOTION is {' or '.join(_MOTIONS)}", file=sys.stderr)
        return 2
    try:
        return _bring(database_url, motion=motion, check=options.check)
    except psycopg.OperationalError as error:
        print(f"fillwire: PostgreSQL cannot be reached: {error}", file=sys.stderr)
        return 1


def _bring(database_url: str, *, motion: str | None, check: bool) -> int:
    behind = pending(database_url)
    if check and behind:
        print(f"migrations are missing: {', '.join(behind)}")
        return 1
    if behind:
        upgrade(database_url)
    if motion and not check:
        set_motion(database_url, motion)
    print("the database is up to date")
    return 0


async def _set_motion(database_url: str, motion: str) -> None:
    from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415

    from fillwire_dex.simulated import MarketMotion, open_market  # noqa: PLC0415

    async with AsyncConnectionPool(database_url, min_size=1, max_size=1, open=False) as connections:
        await (await open_market(connections)).set_motion(MarketMotion(motion))


def _plain(database_url: str) -> str:
    """The URL as libpq reads it."""
    return database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def _newest(package: str) -> str:
    """The revision of the last migration; its file is named after it."""
    root, _, inner = package.partition(".")
    versions = files(root).joinpath(*inner.split("."), "versions")
    return max(entry.name.partition("_")[0] for entry in versions.iterdir() if entry.name[0].isdigit())


def _revision(connection: psycopg.Connection, schema: str) -> str | None:
    table = f"{schema}.alembic_version"
    if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
        return None
    row = connection.execute(f"SELECT version_num FROM {table}").fetchone()  # noqa: S608 - a name of ours
    return row[0] if row else None


if __name__ == "__main__":
    raise SystemExit(main())
