"""The migrations make what the code believes in."""

import sqlalchemy as sa
from alembic import command

from fillwire_orders.migrations import _config, pending, upgrade


def test_migrations_leave_nothing_to_do(database_url: str) -> None:
    assert not pending(database_url)
    upgrade(database_url)
    command.check(_config(database_url))


def test_an_empty_database_is_told_from_a_migrated_one(database_url: str) -> None:
    engine = sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA fillwire CASCADE"))
    engine.dispose()
    assert pending(database_url)
    upgrade(database_url)
    assert not pending(database_url)
