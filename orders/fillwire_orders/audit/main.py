"""The command `fillwire audit`."""

import argparse
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import psycopg

from fillwire_orders.audit.check import Fault, Finding, check
from fillwire_orders.audit.reading import Scope, logs, orphans

__all__ = ["main"]


@dataclass(slots=True)
class _Tally:
    """What was looked at so far."""

    orders: int = 0
    events: int = 0
    broken: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Computes the chains of hashes in `DATABASE_URL` again, and tells where a log was changed.

    Exit code 0: all is as it was written; 1: something is not; 2: it could not be looked at.
    """
    options = _parser().parse_args(argv)
    database_url = os.environ.get("DATABASE_URL")
    if not database_url:
        sys.stderr.write("fillwire: set DATABASE_URL to the PostgreSQL to audit\n")
        return 2
    tally = _Tally()
    try:
        for finding in _findings(database_url, options, tally):
            sys.stdout.write(_told(finding, as_json=options.json) + "\n")
    except psycopg.Error as error:
        sys.stderr.write(f"fillwire: the database cannot be read: {error}\n")
        return 2
    verdict = f"{tally.broken} logs are broken" if tally.broken else "every log is whole"
    sys.stderr.write(f"{tally.orders} orders, {tally.events} events: {verdict}\n")
    return 1 if tally.broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fillwire audit",
        description="Compute the chain of hashes over every order's log again, and say where one was changed.",
    )
    parser.add_argument("--order", metavar="ID", type=uuid.UUID, help="only this order")
    parser.add_argument("--account", metavar="ID", help="only orders of this account")
    parser.add_argument(
        "--since", metavar="TIME", type=_moment, help="only orders accepted at or after this time (ISO 8601, else UTC)"
    )
    parser.add_argument("--json", action="store_true", help="a line of JSON for each finding")
    return parser


def _findings(database_url: str, options: argparse.Namespace, tally: _Tally) -> Iterator[Finding]:
    order_id = None if options.order is None else str(options.order)
    scope = Scope(order_id=order_id, account_id=options.account, since=options.since)
    for order, log in logs(database_url, scope):
        tally.orders += 1
        tally.events += len(log)
        found = list(check(order, log))
        tally.broken += bool(found)
        yield from found
    if scope == Scope():
        for orphan, seq in orphans(database_url):
            tally.broken += 1
            yield Finding(orphan, seq, Fault.MISSING, "the order's row; its events are there")


def _told(finding: Finding, *, as_json: bool) -> str:
    if as_json:
        return msgspec.json.encode(finding).decode()
    return f"{finding.order_id}  seq {finding.seq:<4} {finding.fault:<8} {finding.message}"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
