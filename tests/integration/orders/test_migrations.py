"""The migrations make what the code believes in."""

import psycopg
from alembic import command

from fillwire_orders.migrations import _config, upgrade


def test_migrations_leave_what_the_schema_says(database_url: str) -> None:
    upgrade(database_url)
    command.check(_config(database_url))


def test_an_empty_database_gets_the_journal_and_its_one_account(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA fillwire CASCADE")
        upgrade(database_url)
        assert connection.execute("SELECT id FROM fillwire.accounts").fetchall() == [("default",)]
